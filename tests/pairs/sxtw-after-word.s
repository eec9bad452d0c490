// ERROR: the sign is not extended
// live-out: x0
add w0, w0, w1
sxtw x0, w0
// =>
add w0, w0, w1
