// ERROR: 64 >> 5 is 2
// live-out: x0
clz x8, x0
lsr x0, x8, #5
// =>
cmp x0, #0
cset x0, eq
