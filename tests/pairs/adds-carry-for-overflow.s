// ERROR: carry is not overflow
// live-out: w0
adds w8, w0, w1
cset w0, hs
// =>
adds w8, w0, w1
cset w0, vs
