// ERROR: the sum wraps
// live-out: w0
mov w0, w0
add x0, x0, w1, uxtw
lsr x0, x0, #1
// =>
add w0, w0, w1
lsr w0, w0, #1
