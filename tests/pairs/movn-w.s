// ERROR: 32 ones
// live-out: x0
mov w0, #-1
// =>
mov x0, #-1
