// ERROR: stores where none was
// live-out: w0
cbz w0, .L1
str w1, [x2]
.L1:
// =>
ldr w8, [x2]
cmp w0, #0
csel w8, w8, w1, eq
str w8, [x2]
