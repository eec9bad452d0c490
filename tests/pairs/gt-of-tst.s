// ERROR: gt is no sign and not zero, the other way round
// live-out: x2
tst w0, #0x80000000
cset w2, gt
// =>
lsr w2, w0, #31
