// live-out: w0
sxtw x0, w0
sxtw x1, w1
sdiv x0, x0, x1
// =>
sdiv w0, w0, w1
