// UNREACHED: a byte is below 256
// live-out: w2
and w3, w0, #0xff
cmp w3, #256
csel w2, w2, w4, lo
// =>
