// ERROR: lo always holds
// live-out: x0
tst w0, w1
cset w3, lo
strb w3, [x2]
// =>
strb wzr, [x2]
