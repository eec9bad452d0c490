// ERROR: lower is a clear carry
// live-out: x0
cmp w1, w2
cset w8, lo
add w0, w0, w8
// =>
cmp w1, w2
adc w0, w0, wzr
