// ERROR: 63 is no power of two
// live-out: w0
mov w8, #63
udiv w9, w0, w8
msub w0, w9, w8, w0
// =>
and w0, w0, #0x3f
