// live-out: sp
cbz w0, .L1
str w3, [x1]
b .L2
.L1:
str w3, [x2]
.L2:
// =>
cmp w0, #0
csel x8, x2, x1, eq
str w3, [x8]
