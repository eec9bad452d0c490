// ERROR: the halves change places
// live-out: x3
ldrh w8, [x1, #4]
str w0, [x1]
ldr w3, [x1, #2]
// =>
ldrh w8, [x1, #4]
str w0, [x1]
mov w3, w8
bfi w3, w0, #16, #16
