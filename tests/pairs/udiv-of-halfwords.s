// Short numbers have a short quotient, however wide the division is; by zero it is 0.
// live-out: x0
lsr w8, w1, #20
lsr w9, w2, #16
udiv x0, x8, x9
// =>
lsr w9, w2, #16
lsr w8, w1, #20
udiv w0, w8, w9
