// live-out: w0
crc32cw w0, w0, w1
lsr x2, x1, #32
crc32cw w0, w0, w2
// =>
crc32cx w0, w0, x1
