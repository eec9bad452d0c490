// ERROR: amounts of 32 and more
// live-out: w0
cmp w1, #32
lsl w8, w0, w1
csel w0, wzr, w8, hs
// =>
lsl w0, w0, w1
