// ERROR: 64 minus is not 32 minus
// live-out: w0
mov w8, #32
sub w8, w8, w1
lsr w0, w0, w8
// =>
mov w8, #64
sub w8, w8, w1
mov w0, w0
lsr x0, x0, x8
