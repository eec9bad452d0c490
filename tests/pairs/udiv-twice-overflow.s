// ERROR: the product of the divisors is more than 32 bits
// live-out: w0
udiv w0, w0, w1
udiv w0, w0, w2
// =>
mul w8, w1, w2
udiv w0, w0, w8
