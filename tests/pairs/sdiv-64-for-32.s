// ERROR: sign bit at another place
// live-out: w0
sdiv w0, w0, w1
// =>
sdiv x0, x0, x1
