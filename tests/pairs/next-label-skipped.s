// ERROR: the move is jumped over
// live-out: x0
cbz w1, .L1
mov w0, #1
.L1:
mov w2, #0
// =>
mov w0, #1
.L1:
mov w2, #0
