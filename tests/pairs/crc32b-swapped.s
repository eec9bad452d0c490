// ERROR: checksum and data are not the same
// live-out: w0
crc32w w0, w0, w1
// =>
crc32cw w0, w1, w0
