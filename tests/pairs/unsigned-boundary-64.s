// ERROR: 2**32 itself
// live-out: w0
mov x8, #0x100000000
cmp x0, x8
cset w0, hs
// =>
mov x8, #0x100000000
cmp x0, x8
cset w0, hi
