// ERROR: nv is always
// live-out: nzcv
cmp w2, w3
ccmp w0, w1, #4, nv
// =>
cmp w2, w2
ccmp w0, w1, #4, ne
