// ERROR: read once
// live-out: w0, w1
// volatile
ldr w0, [x2]
ldr w1, [x2]
// =>
ldr w0, [x2]
mov w1, w0
