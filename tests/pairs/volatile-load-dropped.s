// ERROR: volatile keeps every access
// live-out: x0
// volatile
ldr w8, [x1]
ldr w0, [x1]
// =>
ldr w0, [x1]
