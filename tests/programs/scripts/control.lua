-- Coroutines, errors, load and dump, debug, collection of garbage, io and os.
local function show(...) -- addresses differ from build to build
  local shown = table.pack(...)
  for i = 1, shown.n do
    local kind = type(shown[i])
    local named = kind == "table" or kind == "function" or kind == "userdata" or kind == "thread"
    if named and not (debug.getmetatable(shown[i]) or { __name = 1 }).__tostring or io.type(shown[i]) then shown[i] = kind end
  end
  print(table.unpack(shown, 1, shown.n))
end
local function generate(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end return "end" end) end
local g = generate(3)
show(g()) show(g()) show(g()) show(g()) show(pcall(g))
local co = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2)
  error({ code = d + e })
end)
show(coroutine.resume(co, 1, 2)) show(coroutine.resume(co, 10)) show(coroutine.status(co))
local ok, e = coroutine.resume(co, 3, 4)
show(ok, e.code, coroutine.status(co), coroutine.resume(co), coroutine.isyieldable(), coroutine.running() ~= nil)
local function permutations(a, n) if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] permutations(a, n - 1) a[n], a[i] = a[i], a[n] end end end
local out = {}
for p in coroutine.wrap(function() permutations({ "a", "b", "c", "d" }, 4) end) do out[#out + 1] = p end
show(#out, table.concat(out, " "))
show(coroutine.resume(coroutine.create(function() return pcall(function() coroutine.yield(1) error("after") end) end)))
local inner = coroutine.wrap(function() local r = { pcall(function() coroutine.yield("y") error("oops", 0) end) } coroutine.yield(table.unpack(r)) return select("#", table.unpack(r)) end)
show(inner()) show(inner()) show(inner())
local closing = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() show("closed") end }) coroutine.yield() end)
coroutine.resume(closing)
show(coroutine.close(closing), coroutine.status(closing))
local sorted = {}
table.sort({ 3, 1, 2 }, function(a, b) sorted[#sorted + 1] = a .. b return a < b end)
show(#sorted > 0, select(2, pcall(coroutine.wrap(function() table.sort({ 3, 1, 2 }, function(a, b) coroutine.yield() end) end))))
local prime = coroutine.wrap(function() for i = 2, math.huge do coroutine.yield(i) end end)
local list = {}
for _ = 1, 25 do
  local source, p = prime, prime()
  list[#list + 1] = p
  prime = coroutine.wrap(function() while true do local n = source() if n % p ~= 0 then coroutine.yield(n) end end end)
end
show(table.concat(list, " "))

-- errors
local function try(f, ...)
  local r = table.pack(pcall(f, ...))
  for i = 1, r.n do r[i] = tostring(r[i]):gsub("0x%x+", "ADDRESS") end
  show(table.concat(r, " | "))
end
try(error) try(error, "plain", 0) try(error, "here") try(error, "there", 2) try(error, nil) try(error, { 1 } and 42)
try(function() local x = nil; return x.y end) try(function() return undefinedglobal.field end) try(function() local t = {} t.a.b.c = 1 end)
try(function() return #5 end) try(function() return {} + 1 end) try(function() return {} < {} end) try(function() return 1 < "2" end) try(function() return "a" .. {} end)
try(function() return 1 // 0 end) try(function() return 1 % 0 end) try(function() return 1.5 | 1 end) try(function() return 2 ^ 64 | 0 end) try(function() return "a" | 1 end)
try(function() undefinedfunction() end) try(function() ("x"):bad() end) try(function() local function f() return f() + 1 end return f() end)
try(string.rep) try(setmetatable, 1, 2) try(ipairs) try(tonumber, "z", 99) try(select, 0) try(assert, false) try(assert, nil, "message") try(assert, 1, 2, 3)
show(xpcall(function() error("x", 0) end, function(m) return m .. " handled" end))
show(xpcall(function(...) return select("#", ...), ... end, print, 1, nil, 3))
show(select("#", pcall(error)), (tostring(select(2, xpcall(function() error("deep") end, debug.traceback))):gsub("%[C%].*", "")))
local depth = 0
local function deep() depth = depth + 1 return 1 + deep() end
show(pcall(deep) == false, depth > 1000)
show(pcall(string.gsub, ("x"):rep(300000), ("(x"):rep(40), ""))

-- load, dump, environments
show(load("return 1 + 1")(), load("syntax error here"), load("return ...", "chunk", "t", {})(7))
show(pcall(load, 5), load(function() return nil end), load("x = ", "=name"), load("goto nowhere"), load("for i = 1 do end"), load("local x <const> = 1; x = 2"))
local pieces, at = { "local a = ...; ", "return a * ", "2" }, 0
show(load(function() at = at + 1 return pieces[at] end)(21))
local environment = { print = print }
load("y = 5; z = y * 2", "env", "t", environment)()
show(environment.y, environment.z, y, _ENV == _G)
local source = "local t = {} for i = 1, 10 do t[i] = i ^ 2 | 0 end local s = 'k' return function(x) return x .. s .. #t, t[3] end"
local dumped = string.dump(load(source))
show(load(dumped, "d", "b")()("q"), load(dumped, "d", "t"), #string.dump(load(source), true) < #dumped)
show(load("return 0x1p4, 1e-2, 3 .. 4, 'esc\\x41\\u{48}\\65\\z   x\\\n', [==[long]]]==], 0xffffffffffffffffff")())
for _, bad in ipairs { "x = }", "x = 'a", "x = [[a", "x = '\\q'", "x = '\\300'", "x = '\\u{110000000}'", "return 1 +", "if x then", "break", "local function end", "a.b:c = 1", "x = 1e", "::a:: ::a::", "return return", "--[[ open", "x = @", "f() = 1" } do show(load(bad, "=bad")) end
local deepsource = ("("):rep(150) .. "1" .. (")"):rep(150)
show(load("return " .. deepsource)(), (load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300))))
local many = {}
for i = 1, 300 do many[i] = "local v" .. i .. " = " .. i end
show(load(table.concat(many, " ")))
local constants = {}
for i = 1, 70000 do constants[i] = i + 0.5 end
show(select("#", load("return " .. table.concat(constants, ",", 1, 200))()), #load("return {" .. table.concat(constants, ",") .. "}")())

-- debug
local info = debug.getinfo(show, "SnlutfL")
show(info.short_src:match("[^/]*$"), info.linedefined, info.what, info.nparams, info.isvararg, info.nups)
local function traced() local a, b = 1, "two" return debug.getlocal(1, 1), select(2, debug.getlocal(1, 2)), debug.getinfo(1, "l").currentline end
show(traced())
local lines, calls = 0, 0
debug.sethook(function(event) if event == "line" then lines = lines + 1 elseif event == "call" then calls = calls + 1 end end, "cl")
for _ = 1, 10 do local _ = tostring(1) end
debug.sethook()
show(lines, calls, debug.gethook())
local uv = 5
local function useuv() return uv end
show(debug.getupvalue(useuv, 1), debug.setupvalue(useuv, 1, 6), uv, debug.getmetatable("").__index == string, debug.getregistry() ~= nil)
show((debug.traceback("trace", 1):gsub("%[C%]:.*", ""):gsub("[^\t ]*/", "")))

-- garbage
local weak = setmetatable({}, { __mode = "k" })
local values = setmetatable({}, { __mode = "v" })
local finalised = 0
for mode = 1, 2 do
  collectgarbage(mode == 1 and "incremental" or "generational")
  for i = 1, 2000 do
    weak[{}] = i
    values[i] = { i }
    setmetatable({}, { __gc = function() finalised = finalised + 1 end })
    local _ = ("x"):rep(i % 100) .. i
  end
  collectgarbage() collectgarbage()
  show(next(weak), next(values), finalised)
end
local ephemeron = setmetatable({}, { __mode = "k" })
do local k = {} ephemeron[k] = { k } k = nil end
collectgarbage()
show(next(ephemeron), collectgarbage("count") > 0, collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("step", 100) ~= nil)
local tree
local function build(d) return d == 0 and {} or { build(d - 1), build(d - 1) } end
local function size(t) return t[1] and 1 + size(t[1]) + size(t[2]) or 1 end
for d = 1, 10 do tree = build(d) end
show(size(tree))

-- io, os
local name = os.tmpname()
local f = assert(io.open(name, "w"))
show(io.type(f), io.type(42), f:write("line 1\n", 2, " ", 3.5, "\nlast") == f, f:seek("cur"), f:seek("set", 2), f:seek("end"))
f:close()
show(io.type(f), pcall(f.write, f, "x"))
for line in io.lines(name) do io.write("<", line, ">") end
print()
f = io.open(name)
show(f:read("l", "n", "n", "L", "a", "l"))
f:seek("set") show(f:read(3, 0, "L"), f:read("a"), f:read(1), f:read("a"))
f:close()
f = io.open(name, "a+") f:write("+appended\n") f:seek("set", 0) show(#f:read("a")) f:setvbuf("full", 1024) f:close()
for a, b in io.lines(name, 2, "l") do io.write(a, "-", tostring(b), ";") end
print()
f = io.open(name, "w") f:write("0x1F -7 3.5e2 .5 nan 99999999999999999999 0x.8p1 - 5") f:close()
f = io.open(name) show(f:read("n", "n", "n", "n", "n")) f:close()
f = io.open(name, "wb") for i = 0, 255 do f:write(string.char(i)) end f:close()
f = io.open(name, "rb") local all = f:read("a") show(#all, all:byte(1), all:byte(256)) f:close()
show(os.rename(name, name .. ".x"), os.remove(name .. ".x"), (os.remove(name .. ".x")), (io.open(name)), select(3, io.open(name)), pcall(io.lines, "/nonexistent"))
show(os.time({ year = 2020, month = 2, day = 30, hour = 12 }), os.date("!%Y-%m-%d %H:%M:%S %j %a %b %%", 86400 * 365), os.date("!*t", 1e9).yday, os.getenv("NO_SUCH_VARIABLE"), os.difftime(5, 3), type(os.clock()))
show(pcall(os.date, "%Ez", 0), pcall(os.time, { year = 2020 }), os.setlocale("C"), os.setlocale(nil), pcall(io.open, name, "bad"))
io.stdout:write("done\n")
