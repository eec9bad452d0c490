// ERROR: only zero
// live-out: w0
neg w8, w0
orr w8, w0, w8
lsr w0, w8, #31
// =>
mov w0, #1
