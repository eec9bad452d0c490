// ERROR: the amount 32
// live-out: x0
mov w0, w0
lsl x0, x0, x1
and w9, w1, #63
cmp w9, #32
cset w8, eq
lsl x8, x8, #63
orr x0, x0, x8
// =>
mov w0, w0
lsl x0, x0, x1
