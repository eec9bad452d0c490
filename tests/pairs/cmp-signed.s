// ERROR: signed for unsigned
// live-out: w0
cmp w0, w1
cset w0, lo
// =>
cmp w0, w1
cset w0, lt
