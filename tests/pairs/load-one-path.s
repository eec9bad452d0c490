// ERROR: a load on the other path
// live-out: w0
cbz w0, .L1
ldr w0, [x2]
.L1:
// =>
ldr w8, [x2]
cmp w0, #0
csel w0, w0, w8, eq
