// live-out: w0
mov w8, w0
add x8, x8, w1, uxtw
lsr x0, x8, #1
// =>
and w8, w0, w1
eor w9, w0, w1
add w0, w8, w9, lsr #1
