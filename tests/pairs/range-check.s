// live-out: w0
cmp w0, #48
cset w8, ge
cmp w0, #57
cset w9, le
and w0, w8, w9
// =>
sub w8, w0, #48
cmp w8, #10
cset w0, lo
