// ERROR: two accesses, in the other order
// live-out: w0, w1
// volatile
ldr w0, [x2]
ldr w1, [x2, #4]
// =>
ldr w1, [x2, #4]
ldr w0, [x2]
