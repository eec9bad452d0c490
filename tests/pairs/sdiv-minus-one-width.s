// ERROR: INT_MIN by -1
// live-out: x0
sxtw x0, w0
sxtw x1, w1
sdiv x0, x0, x1
// =>
sdiv w0, w0, w1
sxtw x0, w0
