// live-out: w0
ldr w8, [x2]
add w0, w0, #1
// =>
add w0, w0, #1
