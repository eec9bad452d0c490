// ERROR: both are read
// live-out: w0
cmp w0, #0
csel x8, x1, x2, eq
ldr w0, [x8]
// =>
ldr w8, [x1]
ldr w9, [x2]
cmp w0, #0
csel w0, w8, w9, eq
