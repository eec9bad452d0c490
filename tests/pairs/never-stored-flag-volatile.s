// live-out: x0
// volatile
tst w0, w1
cset w3, hs
strb w3, [x2]
// =>
strb wzr, [x2]
