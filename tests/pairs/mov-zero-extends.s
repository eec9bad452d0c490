// ERROR: the upper half is cleared
// live-out: x0
mov w0, w0
// =>
