// ERROR: read on both paths
// live-out: w0
// volatile
cbz w0, .L1
ldr w0, [x2]
.L1:
// =>
cbz w0, .L1
ldr w0, [x2]
ldr w8, [x2]
.L1:
