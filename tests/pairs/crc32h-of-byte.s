// ERROR: two bytes count
// live-out: w0
and w1, w1, #0xff
crc32h w0, w0, w1
// =>
crc32h w0, w0, w1
