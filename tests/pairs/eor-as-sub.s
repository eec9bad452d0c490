// live-out: w0
and w0, w0, #0xf
eor w0, w0, #0xf
// =>
and w0, w0, #0xf
mov w8, #15
sub w0, w8, w0
