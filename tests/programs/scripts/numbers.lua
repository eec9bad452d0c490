-- Arithmetic of both number types, comparisons, conversions, math.
local function show(...) -- addresses differ from build to build
  local shown = table.pack(...)
  for i = 1, shown.n do
    local kind = type(shown[i])
    local named = kind == "table" or kind == "function" or kind == "userdata" or kind == "thread"
    if named and not (debug.getmetatable(shown[i]) or { __name = 1 }).__tostring or io.type(shown[i]) then shown[i] = kind end
  end
  print(table.unpack(shown, 1, shown.n))
end
local ints = { 0, 1, -1, 2, -2, 3, 7, -7, 10, 63, 64, 255, 256, -256, 1 << 31, (1 << 31) - 1, -(1 << 31), 1 << 32, (1 << 53) + 1, math.maxinteger, math.mininteger, math.maxinteger - 1 }
local floats = { 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.7, 1e10, 1e15, 2.0 ^ 53, 2.0 ^ 63, -2.0 ^ 63, 1e100, 1e-100, 1 / 0, -1 / 0, 0 / 0 }
local function try(f, a, b)
  local ok, v = pcall(f, a, b)
  return ok and (v ~= v and "nan" or tostring(v)) or (v:gsub("^.-:%d+: ", ""))
end
local operations = {
  { "+", function(a, b) return a + b end }, { "-", function(a, b) return a - b end }, { "*", function(a, b) return a * b end },
  { "/", function(a, b) return a / b end }, { "//", function(a, b) return a // b end }, { "%", function(a, b) return a % b end },
  { "&", function(a, b) return a & b end }, { "|", function(a, b) return a | b end }, { "~", function(a, b) return a ~ b end },
  { "<<", function(a, b) return a << b end }, { ">>", function(a, b) return a >> b end },
  { "<", function(a, b) return a < b end }, { "<=", function(a, b) return a <= b end }, { "==", function(a, b) return a == b end },
  { "fmod", math.fmod }, { "ult", math.ult }, { "max", math.max }, { "min", math.min },
}
local all = {}
for _, v in ipairs(ints) do all[#all + 1] = v end
for _, v in ipairs(floats) do all[#all + 1] = v end
for _, operation in ipairs(operations) do
  for _, a in ipairs(all) do
    local row = {}
    for _, b in ipairs(all) do row[#row + 1] = try(operation[2], a, b) end
    show(operation[1], a ~= a and "nan" or a, table.concat(row, " "))
  end
end
for _, a in ipairs(all) do
  show(try(function(x) return -x end, a), try(function(x) return ~x end, a), try(math.floor, a), try(math.ceil, a), try(math.abs, a),
    try(math.tointeger, a), math.type(a), try(math.modf, a), try(math.sqrt, a), a == a and try(function(x) return x | 0 end, a))
end
show(("%.10f %.10f %.10f %.10f %.10f"):format(math.sin(1), math.cos(2), math.tan(0.5), math.exp(1.5), math.log(10)))
show(("%.10f %.10f %.10f %.10f"):format(math.log(8, 2), math.log(1000, 10), math.log(27, 3), 2 ^ 0.5), math.pi, math.huge)
show(("%.10f %.10f %.10f %.10f"):format(math.asin(0.5), math.acos(0.5), math.atan(1, 2), math.atan(-1, -2)))
show(math.rad(180), math.deg(math.pi), math.tointeger("8"), math.tointeger(8.5), 7 // 0.0, -7 // 0.0, 0x7fffffffffffffff + 1 == math.mininteger)
show(1e15, 1e16, 123456789012345678, 0.1 + 0.2, 100 // 1e-320, 3 | 0, 2 ^ 2, 10 / 2, 3 % -2, -3 % 2, 3.5 % -2, -3.5 % 2, 5 // -2, -5 // 2.0)

math.randomseed(42, 7)
local line = {}
for i = 1, 20 do line[i] = math.random(0) end
show(table.concat(line, " "))
for i = 1, 20 do line[i] = math.random(1, i * 10) end
show(table.concat(line, " "))
for i = 1, 5 do line[i] = ("%.12f"):format(math.random()) end
show(table.concat(line, " ", 1, 5))
show(pcall(math.random, 2, 1), pcall(math.random, 1, 2, 3))

-- loops of each kind of number, and their ends
for i = 3, 1, -1 do io.write(i, " ") end
for i = 1, 2, 0.25 do io.write(i, " ") end
for i = math.maxinteger - 2, math.maxinteger do io.write(i, " ") end
for i = math.mininteger, math.mininteger + 2 do io.write(i, " ") end
for i = 1, 0 do io.write("never") end
for i = 1.0, 3 do io.write(i, " ") end
print()
show(pcall(function() for i = 1, 10, 0 do end end))
show(pcall(function() for i = "a", 10 do end end))

-- programs: primes, collatz, fibonacci, a big product, matrices, mandelbrot
local sieve, count = {}, 0
for i = 2, 10000 do
  if not sieve[i] then count = count + 1 for j = i * i, 10000, i do sieve[j] = true end end
end
local longest, at = 0, 0
for i = 1, 3000 do
  local n, steps = i, 0
  while n ~= 1 do n = n % 2 == 0 and n // 2 or 3 * n + 1 steps = steps + 1 end
  if steps > longest then longest, at = steps, i end
end
local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
local digits = { 1 }
for n = 2, 60 do
  local carry = 0
  for i = 1, #digits do local v = digits[i] * n + carry digits[i], carry = v % 10, v // 10 end
  while carry > 0 do digits[#digits + 1], carry = carry % 10, carry // 10 end
end
show(count, longest, at, fib(20), table.concat(digits):reverse())
local function multiply(a, b, n)
  local c = {}
  for i = 1, n do
    c[i] = {}
    for j = 1, n do local s = 0 for k = 1, n do s = s + a[i][k] * b[k][j] end c[i][j] = s end
  end
  return c
end
local m = {}
for i = 1, 12 do m[i] = {} for j = 1, 12 do m[i][j] = (i * j % 7 - 3) / 4 end end
local p = m
for _ = 1, 5 do p = multiply(p, m, 12) end
show(("%.6f %.6f %.6f"):format(p[1][1], p[5][7], p[12][12]))
for y = -8, 8 do
  local row = {}
  for x = -24, 8 do
    local cr, ci, zr, zi, n = x / 16, y / 8, 0.0, 0.0, 0
    while n < 40 and zr * zr + zi * zi < 4 do zr, zi, n = zr * zr - zi * zi + cr, 2 * zr * zi + ci, n + 1 end
    row[#row + 1] = string.char(32 + n)
  end
  show(table.concat(row))
end
local h = 0
for i = 1, 20000 do h = (h << 5 ~ h >> 3) + i * 0x9E3779B97F4A7C15 end
show(("%016x"):format(h))
