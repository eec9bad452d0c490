// ERROR: the bytes the other way round
// live-out: w0
lsr w2, w1, #24
crc32b w0, w0, w2
lsr w2, w1, #16
crc32b w0, w0, w2
lsr w2, w1, #8
crc32b w0, w0, w2
crc32b w0, w0, w1
// =>
crc32w w0, w0, w1
