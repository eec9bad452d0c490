// ERROR: the upper half of the word
// live-out: w0
strh w1, [x2]
ldrh w0, [x2]
// =>
strh w1, [x2]
mov w0, w1
