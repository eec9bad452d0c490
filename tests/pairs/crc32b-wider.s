// ERROR: a byte, not a half
// live-out: w0
and w1, w1, #0xff
crc32b w0, w0, w1
// =>
and w1, w1, #0xff
crc32h w0, w0, w1
