// ERROR: the quotient by zero is zero
// live-out: w0
cbz w1, .L1
udiv w0, w0, w1
b .L2
.L1:
mov w0, #-1
.L2:
// =>
udiv w0, w0, w1
