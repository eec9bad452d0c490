// ERROR: sign of the product
// live-out: w0
madd w0, w0, w1, w2
// =>
msub w0, w0, w1, w2
