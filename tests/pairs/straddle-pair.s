// ERROR: the first register of a pair is the lower one
// live-out: x3
stp w0, w1, [x2, #4]
ldr w3, [x2, #6]
// =>
stp w0, w1, [x2, #4]
extr w3, w0, w1, #16
