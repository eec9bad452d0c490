// ERROR: bytes beside it are stored
// live-out: w0
strb w0, [x1]
// =>
ldr w8, [x1]
bfi w8, w0, #0, #8
str w8, [x1]
