// ERROR: the low bytes count
// live-out: x0
mul w8, w1, w2
lsr w0, w8, #16
// =>
lsr w8, w1, #8
lsr w9, w2, #8
mul w0, w8, w9
