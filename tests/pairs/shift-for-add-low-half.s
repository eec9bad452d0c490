// live-out: w0
add w0, w0, w0
// =>
lsl x0, x0, #1
