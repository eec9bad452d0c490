// ERROR: a byte of the word
// live-out: w0
ldr w0, [x1]
strb wzr, [x2]
ldr w8, [x1]
eor w0, w0, w8
// =>
ldr w0, [x1]
strb wzr, [x2]
mov w0, #0
