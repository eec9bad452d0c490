-- Tables, sort, metatables, closures, varargs, goto, integer and other keys.
local function show(...) -- addresses differ from build to build
  local shown = table.pack(...)
  for i = 1, shown.n do
    local kind = type(shown[i])
    local named = kind == "table" or kind == "function" or kind == "userdata" or kind == "thread"
    if named and not (debug.getmetatable(shown[i]) or { __name = 1 }).__tostring or io.type(shown[i]) then shown[i] = kind end
  end
  print(table.unpack(shown, 1, shown.n))
end
local function keys(t)
  local names = {}
  for k in pairs(t) do names[#names + 1] = tostring(k) end
  table.sort(names)
  return table.concat(names, " ")
end
local t = { 10, 20, 30, nil, 50, x = 1, ["y z"] = 2, [3.0] = "three", [2 ^ 53] = "big", [-1] = "minus", [1.5] = "half", [true] = "yes" }
show(t[1], t[3], t[3.0], t.x, t["y z"], t[2 ^ 53], t[-1], t[1.5], t[true], rawlen({ 1, 2, 3 }), keys(t))
show(pcall(function() t[nil] = 1 end), pcall(function() t[0 / 0] = 1 end), t[nil])
table.insert(t, 1, "front") show(t[1], t[2])
show(table.remove(t, 1), table.remove({}), table.remove({ 1 }), table.concat({ 1, 2.5, "x" }, "/"), table.concat({}, "x"), table.concat({ 1, 2, 3, 4 }, ",", 2, 3))
show(table.unpack({ 1, 2, 3 }, 2), table.unpack({}, 1, 2), table.pack(nil, 2, nil).n, select("#", nil, nil), select(-1, 1, 2, 3))
show(table.concat(table.move({ 1, 2, 3, 4, 5 }, 2, 5, 1), " "), table.concat(table.move({ 1, 2, 3 }, 1, 3, 3), " "), pcall(table.insert, { 1 }, 5, 2), pcall(table.concat, { {} }))

local state = 12345
local function random() state = (state * 1103515245 + 12345) & 0x7fffffff return state end
for _, n in ipairs { 0, 1, 2, 3, 10, 100, 1000, 5000 } do
  local a = {}
  for i = 1, n do a[i] = random() % (n + 1) end
  table.sort(a)
  local ok = true
  for i = 2, n do ok = ok and a[i - 1] <= a[i] end
  table.sort(a, function(x, y) return x > y end)
  for i = 2, n do ok = ok and a[i - 1] >= a[i] end
  show(n, ok, a[1], a[n // 2 + 1], a[n])
end
local names = { "pear", "Apple", "fig", "apple", "Fig", "banana", "" }
table.sort(names) show(table.concat(names, ","))
table.sort(names, function(a, b) if #a ~= #b then return #a < #b end return a < b end) show(table.concat(names, ","))
show(pcall(table.sort, { 1, "x", 2 }), pcall(table.sort, { 3, 1, 2, 5, 4, 9, 7 }, function() return true end))

-- growth and shrinking of both parts
local big = {}
for i = 1, 3000 do big[i] = i big["k" .. i] = i end
for i = 1, 3000, 3 do big[i] = nil big["k" .. i] = nil end
local n, sum = 0, 0
for _, v in pairs(big) do n, sum = n + 1, sum + v end
show(n, sum, next({}), type(next), rawequal(big, big), rawget(big, 2), rawset(big, "z", 9).z)
for k in pairs(big) do big[k] = nil end
show(next(big))

-- metatables
local V = {}
V.__index = V
local function vec(x, y) return setmetatable({ x = x, y = y }, V) end
for name, f in pairs { add = function(a, b) return a + b end, sub = function(a, b) return a - b end, mul = function(a, b) return a * b end, div = function(a, b) return a / b end,
  mod = function(a, b) return a % b end, idiv = function(a, b) return a // b end, pow = function(a, b) return a ^ b end } do
  V["__" .. name] = function(a, b)
    a = type(a) == "number" and vec(a, a) or a
    b = type(b) == "number" and vec(b, b) or b
    return vec(f(a.x, b.x), f(a.y, b.y))
  end
end
V.__unm = function(a) return vec(-a.x, -a.y) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__len = function(a) return 2 end
V.__call = function(self, ...) return self.x, select("#", ...), ... end
V.__concat = function(a, b) return tostring(a) .. "&" .. tostring(b) end
V.__tostring = function(a) return ("(%s, %s)"):format(a.x, a.y) end
V.__band = function() return "band" end V.__bor = function() return "bor" end V.__bxor = function() return "bxor" end
V.__shl = function() return "shl" end V.__shr = function() return "shr" end V.__bnot = function() return "bnot" end
local a, b = vec(3, 4), vec(1, 2)
for _, v in ipairs { a + b, a - b, a * 2, 2 * a, a / b, a % b, a // b, a ^ b, -a } do io.write(tostring(v), " ") end
print()
show(a == vec(3, 4), a ~= b, a < b, a <= b, a > b, #a, a(1, nil), a .. b, a .. "s", 1 .. a, a & 1, 1 | a, a ~ a, a << 1, a >> 1, ~a)
local log = {}
local proxy = setmetatable({}, { __index = function(_, k) log[#log + 1] = "get " .. k return k .. "!" end, __newindex = function(t, k, v) log[#log + 1] = "set " .. k rawset(t, k, v) end,
  __pairs = function() return function(_, i) i = (i or 0) + 1 if i < 4 then return i, i * i end end, nil, nil end, __name = "Proxy", __metatable = "locked" })
proxy.a = proxy.b .. proxy.c
for k, v in pairs(proxy) do log[#log + 1] = k .. "=" .. v end
show(table.concat(log, ";"), getmetatable(proxy), pcall(setmetatable, proxy, {}))
local Base = { name = "base" } Base.__index = Base
function Base:who() return self.name .. "/" .. self:kind() end
function Base:kind() return "plain" end
local Derived = setmetatable({ name = "derived" }, Base) Derived.__index = Derived
function Derived:kind() return "special " .. Base.kind(self) end
show(setmetatable({}, Derived):who(), setmetatable({ name = "own" }, Base):who())

-- closures, upvalues, varargs, multiple results, tail calls
local function counter() local c = 0 return function(n) c = c + (n or 1) return c end, function() return c end end
local up, get = counter()
up() up(10)
local fs = {}
for i = 1, 5 do local j = i * i fs[i] = function() j = j + i return i, j end end
for i = 1, 5 do fs[i]() end
show(get(), (fs[3]()), select(2, fs[5]()))
local function va(...) local x, y = ... return select("#", ...), x, y, ... end
show(va()) show(va(nil, 2, nil)) show((va(1, 2)))
local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
show(loop(100000, 0))
local i = 1
::again::
if i < 5 then i = i + 1 goto again end
for y = 1, 3 do for x = 1, 3 do if x == y then goto continue end io.write(y, x, " ") ::continue:: end end
print(i)
do
  local order = {}
  do
    local one <close> = setmetatable({}, { __close = function(_, e) order[#order + 1] = "one " .. tostring(e) end })
    local two <close> = setmetatable({}, { __close = function(_, e) order[#order + 1] = "two " .. tostring(e) end })
    local three <const> = 3
    order[#order + 1] = "body " .. three
  end
  pcall(function() local x <close> = setmetatable({}, { __close = function(_, e) order[#order + 1] = "failed " .. e end }) error("E", 0) end)
  show(table.concat(order, ","))
end
local function queens(n)
  local found, cols, up_, down = 0, {}, {}, {}
  local function place(r)
    if r > n then found = found + 1 return end
    for c = 1, n do
      if not cols[c] and not up_[r + c] and not down[r - c] then
        cols[c], up_[r + c], down[r - c] = true, true, true
        place(r + 1)
        cols[c], up_[r + c], down[r - c] = nil, nil, nil
      end
    end
  end
  place(1)
  return found
end
show(queens(4), queens(6), queens(7))
