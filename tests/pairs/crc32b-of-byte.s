// live-out: w0
and w1, w1, #0xff
crc32b w0, w0, w1
// =>
crc32b w0, w0, w1
