// ERROR: carry
// live-out: w1
cmp w0, #0
cset w1, hs
// =>
adds w8, w0, #0
cset w1, hs
