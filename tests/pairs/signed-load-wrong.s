// ERROR: signed for unsigned
// live-out: w0
ldrb w0, [x1]
// =>
ldrsb w0, [x1]
