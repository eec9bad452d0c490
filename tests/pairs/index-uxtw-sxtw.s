// ERROR: negative index
// live-out: w0
ldr w0, [x1, w2, sxtw #2]
// =>
ldr w0, [x1, w2, uxtw #2]
