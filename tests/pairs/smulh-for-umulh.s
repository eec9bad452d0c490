// ERROR: signed for unsigned
// live-out: x0
umulh x0, x0, x1
// =>
smulh x0, x0, x1
