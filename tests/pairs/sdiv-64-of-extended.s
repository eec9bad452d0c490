// ERROR: INT_MIN / -1 is 2**31 in 64 bits
// live-out: x0
sxtw x0, w0
sxtw x1, w1
sdiv x0, x0, x1
// =>
sdiv w0, w0, w1
sxtw x0, w0
