// ERROR: the boundary
// live-out: x0
mov x8, #0xffff0000ffff
cmp x0, x8
cset w0, hi
// =>
lsr x0, x0, #48
cmp x0, #0
cset w0, ne
