// ERROR: the access is dropped
// live-out: w0
// volatile
ldr w8, [x2]
add w0, w0, #1
// =>
add w0, w0, #1
