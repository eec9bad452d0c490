// ERROR: the upper half is what was in memory
// live-out: x0
str s0, [x1]
ldr x0, [x1]
// =>
str s0, [x1]
fmov w0, s0
