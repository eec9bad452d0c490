// ERROR: one bit too many
// live-out: w0
and w8, w1, #0xf
lsl w8, w8, #4
and w0, w0, #0xffffff0f
orr w0, w0, w8
// =>
bfi w0, w1, #4, #5
