// ERROR: zero by zero is zero
// live-out: w0
udiv w0, w0, w0
// =>
mov w0, #1
