// ERROR: it is the upper byte
// live-out: x0
strh w2, [x1, #1]
ldrb w0, [x1, #2]
// =>
strh w2, [x1, #1]
and w0, w2, #0xff
