// ERROR: the index wraps in 32 bits
// live-out: w0
add x8, x1, w2, sxtw #2
ldr w0, [x8, #4]
// =>
add w8, w2, #1
ldr w0, [x1, w8, sxtw #2]
