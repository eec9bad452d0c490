// ERROR: bic leaves the flags
// live-out: x2
bics w0, w0, w1
cset w2, vs
// =>
bic w0, w0, w1
cset w2, vs
