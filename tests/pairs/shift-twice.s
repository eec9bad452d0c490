// ERROR: the sum of the amounts wraps
// live-out: w0
lsl w0, w0, w1
lsl w0, w0, w2
// =>
add w8, w1, w2
lsl w0, w0, w8
