// ERROR: the last bytes are the first ones of the pair
// live-out: x3
stp w0, w1, [x2, #4]
ldr x3, [x2, #2]
// =>
ldr x3, [x2, #2]
stp w0, w1, [x2, #4]
