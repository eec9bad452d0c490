// ERROR: 61 leading zeros
// live-out: w0
clz x8, x0
cmp x8, #61
cset w0, eq
// =>
mov w0, #0
