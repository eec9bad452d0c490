// ERROR: nv is always
// live-out: x0
csel w0, w1, w2, nv
// =>
mov w0, w2
