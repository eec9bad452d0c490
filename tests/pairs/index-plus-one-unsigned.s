// ERROR: the index wraps in 32 bits
// live-out: w0
add x8, x1, w2, uxtw
ldrb w0, [x8, #1]
// =>
add w8, w2, #1
ldrb w0, [x1, w8, uxtw]
