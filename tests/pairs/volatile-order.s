// ERROR: volatile keeps the order
// live-out: x0, x1
// volatile
ldr w0, [x2]
ldr w1, [x3]
// =>
ldr w1, [x3]
ldr w0, [x2]
