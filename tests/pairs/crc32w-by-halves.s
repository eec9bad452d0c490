// live-out: w0
crc32h w0, w0, w1
lsr w2, w1, #16
crc32h w0, w0, w2
// =>
crc32w w0, w0, w1
