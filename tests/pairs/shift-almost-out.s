// ERROR: one bit is left
// live-out: w0
lsl w0, w0, #20
lsl w0, w0, #11
// =>
mov w0, #0
