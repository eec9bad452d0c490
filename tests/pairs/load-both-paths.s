// live-out: w0
cbz w0, .L1
ldr w0, [x2]
b .L2
.L1:
ldr w0, [x2]
add w0, w0, #1
.L2:
// =>
ldr w8, [x2]
cmp w0, #0
cinc w0, w8, eq
