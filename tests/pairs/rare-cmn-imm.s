// ERROR: one value in 2**64
// live-out: w0
cmn x0, #0x7b
cset w0, eq
// =>
mov w0, #0
