// live-out: w0
cbz w0, .L1
mov w0, w1
b .L2
.L1:
mov w0, w2
.L2:
// =>
cmp w0, #0
csel w0, w1, w2, ne
