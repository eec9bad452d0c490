// live-out: w0
and w8, w1, #31
lsl w0, w0, w8
// =>
lsl w0, w0, w1
