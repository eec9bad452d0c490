-- Strings: every function of the library, patterns, formats, pack and unpack.
local function show(...) -- addresses differ from build to build
  local shown = table.pack(...)
  for i = 1, shown.n do
    local kind = type(shown[i])
    local named = kind == "table" or kind == "function" or kind == "userdata" or kind == "thread"
    if named and not (debug.getmetatable(shown[i]) or { __name = 1 }).__tostring or io.type(shown[i]) then shown[i] = kind end
  end
  print(table.unpack(shown, 1, shown.n))
end

show(#"abc", ("x"):rep(5, "-"), ("abc"):reverse(), ("aBc"):upper(), ("aBc"):lower())
show(("hello"):byte(1, -1))
show(string.char(72, 105), ("hello"):sub(2, -2), ("hello"):sub(-100, 100), ("hello"):sub(4, 2))
show(("a"):rep(0), ("ab"):rep(3), #("x"):rep(100000))
show("a" < "b", "a" < "A", "" < "a", "a\0b" < "a\0c", "Z" <= "Z", "abc" > "abd")

-- find, match, gmatch, gsub
show(("hello world"):find("o w"), ("hello world"):find("o", 6), ("a.b"):find(".", 1, true), ("a.b"):find("%."))
show(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
show(("  trim me  "):match("^%s*(.-)%s*$") .. "|")
show(("THE (quick) fox"):find("%((%a+)%)"))
show(("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):gsub("%f[%a]%a+", string.lower))
show(("hello"):match("()ll()"))
show(("abc123def456"):gsub("%d+", function(d) return "<" .. d * 2 .. ">" end))
show(("$name is $age"):gsub("%$(%w+)", { name = "Lua", age = 30 }))
show(("abc"):gsub("", "-"), ("abc"):gsub(".", "%0%0", 2), ("abc def"):gsub("(%w+) (%w+)", "%2 %1"))
for k, v in ("a=1, b=22, c=333"):gmatch("(%w+)=(%w+)") do io.write(k, ":", v, ";") end
print()
for w in ("one two  three"):gmatch("%S+") do io.write("[", w, "]") end
print()
for _, class in ipairs { "%a", "%c", "%d", "%g", "%l", "%p", "%s", "%u", "%w", "%x", "[%a_]", "[^%s%p]", "[a-f0-9]", "[%]-]" } do
  local n, sum = 0, 0
  for b = 0, 255 do if string.char(b):find(class) then n, sum = n + 1, sum + b end end
  show(class, n, sum)
end
show(pcall(string.find, "a", "[a"), pcall(string.find, "a", "%"), pcall(string.gsub, "a", "(", "x"))
show(pcall(string.rep, "x", 1 << 40, "yyyy"))
show(("x"):rep(14):match(("x?"):rep(14) .. ("x"):rep(14)) ~= nil)

-- format
for _, v in ipairs { 0, 1, -1, 42, 255, -255, 65536, math.maxinteger, math.mininteger } do
  show(("%d|%5d|%-8d|%+d|%08d|% d|%x|%X|%#x|%o|%i|%.3d"):format(v, v, v, v, v, v, v, v, v, v, v, v))
end
for _, v in ipairs { 0.0, -0.0, 1.0, 0.1, -2.5, 1e100, 1e-100, 3.14159265358979, 1 / 3, 2 ^ 53, 2 ^ 63, 5e-324, 1.7976931348623157e308, 1 / 0, -1 / 0 } do
  show(("%f|%.2f|%10.3f|%-12.1e|%g|%.14g|%a|%G|%+.0f|%#.0f|%.17g"):format(v, v, v, v, v, v, v, v, v, v, v), v)
end
show(("%s|%10s|%-10s|%.2s|%c|%%|%q"):format("str", "str", "str", "str", 65, 'a "quote"\n\0\r\\ end'))
show(("%q %q %q"):format(1 / 3, math.mininteger, 12))
show(("%s %s %s"):format(nil, true, setmetatable({}, { __tostring = function() return "object" end })))
show(pcall(string.format, "%d", 1.5), pcall(string.format, "%y", 1), pcall(string.format, "%d"))

-- numbers and strings
for _, s in ipairs { "10", " 10 ", "0x10", "0xA.8p1", "1e2", ".5", "5.", "0x", "1e", "10x", "", "1 2", "0x7fffffffffffffff", "9223372036854775808", "-0", "1e400", "inf", "nan" } do
  show(s, tonumber(s), math.type(tonumber(s)))
end
for base = 2, 36, 7 do show(base, tonumber("zz", base), tonumber("101", base), tonumber("-11", base)) end
show("10" + 5, "3" * "4", 10 .. 20, "0x10" + 0, pcall(function() return "a" + 1 end))

-- pack, unpack
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
for _, f in ipairs { "b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "T", "i3", "I5", "i16", "<i4", ">i4", "=I2" } do
  local p = string.pack(f, 100)
  show(f, hex(p), string.packsize(f), string.unpack(f, p))
end
show(hex(string.pack("<i2 >i2 z s1 s2", -2, -2, "zero", "one", "two")))
show(string.unpack("<i2 >i2 z s1 s2", string.pack("<i2 >i2 z s1 s2", -2, -2, "zero", "one", "two")))
show(hex(string.pack("<f", 1.5)), hex(string.pack(">d", -1.25)), hex(string.pack("<n", 0.1)), string.unpack("<d", string.pack("<d", 1 / 3)))
show(hex(string.pack("!8 b Xi8 i8 !4 i4", 1, 2, 3)), hex(string.pack("c10", "short")), string.packsize("!8 b i8 h"))
show(pcall(string.pack, "b", 200), pcall(string.unpack, "i4", "abc"), pcall(string.pack, "i17", 1), pcall(string.unpack, "<i16", ("\255"):rep(8) .. ("\1"):rep(8)))

-- utf8
show(utf8.char(72, 228, 8364, 119070, 0x7fffffff):byte(1, -1))
show(utf8.len("häß€"), utf8.len("\xff"), utf8.codepoint("h€", 1, -1), utf8.offset("a€b", 3), utf8.offset("a€b", -1))
for p, c in utf8.codes("aé€𝄞") do io.write(p, "=", c, " ") end
print()
show(pcall(utf8.codepoint, "\xff"), utf8.charpattern, utf8.len("\u{7FFFFFFF}", 1, -1, true), utf8.len("\u{7FFFFFFF}"))
local builder = {}
for i = 1, 2000 do builder[#builder + 1] = ("%d:%s"):format(i, ("k"):rep(i % 7)) end
local text = table.concat(builder, ",")
local sum = 0
for i = 1, #text do sum = (sum * 31 + text:byte(i)) % 1000000007 end
show(#text, sum)
