// live-out: w0
asr w8, w0, #31
eor w0, w0, w8
sub w0, w0, w8
// =>
cmp w0, #0
cneg w0, w0, mi
