// ERROR: 255 is not below itself
// live-out: w2
and w3, w0, #0xff
cmp w3, #255
csel w2, w2, w4, lo
// =>
