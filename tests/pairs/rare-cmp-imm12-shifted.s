// ERROR: one value in 2**64
// live-out: w0
cmp x0, #0xabc, lsl #12
cset w0, eq
// =>
mov w0, #0
