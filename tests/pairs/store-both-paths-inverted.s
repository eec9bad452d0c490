// ERROR: the other value
// live-out: sp
cbz w0, .L1
str w1, [x2]
b .L2
.L1:
str w3, [x2]
.L2:
// =>
cmp w0, #0
csel w8, w1, w3, eq
str w8, [x2]
