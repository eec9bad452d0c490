// ERROR: an even index leaves the base
// live-out: x3
lsl x8, x2, #63
str w0, [x1]
ldr w3, [x1, x8]
// =>
lsl x8, x2, #63
ldr w3, [x1, x8]
str w0, [x1]
