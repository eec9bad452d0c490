// ERROR: the half lies one byte up, not two
// live-out: x3
str w0, [x1]
strh w2, [x1, #1]
ldr w3, [x1]
// =>
str w0, [x1]
strh w2, [x1, #1]
bfi w0, w2, #16, #16
mov w3, w0
