// ERROR: the sum of words wraps
// live-out: w0
lsl w8, w2, #2
ldr w0, [x1, w8, uxtw]
// =>
ldr w0, [x1, w2, uxtw #2]
