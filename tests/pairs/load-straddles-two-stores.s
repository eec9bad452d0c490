// ERROR: extr takes the low bits of its last operand
// live-out: x3
str w0, [x1]
str w2, [x1, #4]
ldur x3, [x1, #2]
// =>
str w0, [x1]
str w2, [x1, #4]
extr w3, w2, w0, #16
