// ERROR: both are INT_MIN
// live-out: w0
and w8, w0, w1
neg w9, w8
and w8, w8, w9
lsr w0, w8, #31
// =>
mov w0, #0
