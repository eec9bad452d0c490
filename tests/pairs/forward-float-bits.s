// live-out: w0
str s0, [x2]
ldr w0, [x2]
// =>
str s0, [x2]
fmov w0, s0
