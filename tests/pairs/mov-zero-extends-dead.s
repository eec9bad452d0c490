// live-out: w0
mov w0, w0
// =>
