// live-out: w0
cbz w1, .L1
udiv w0, w0, w1
b .L2
.L1:
mov w0, #0
.L2:
// =>
udiv w0, w0, w1
