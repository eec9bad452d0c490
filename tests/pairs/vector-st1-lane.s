// live-out: sp
mov w8, v0.s[1]
str w8, [x0]
// =>
st1 {v0.s}[1], [x0]
