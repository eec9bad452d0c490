// live-out: w0
mov w8, #32
sub w8, w8, w1
lsr w0, w0, w8
// =>
neg w8, w1
lsr w0, w0, w8
