// live-out: w0
and w0, w0, #0xffff
mov w8, #3
udiv w0, w0, w8
// =>
and w0, w0, #0xffff
mov w8, #0xaaab
mul w8, w0, w8
lsr w0, w8, #17
