// live-out: w0, x2
// volatile
ldr w0, [x2]
add x2, x2, #4
// =>
ldr w0, [x2], #4
