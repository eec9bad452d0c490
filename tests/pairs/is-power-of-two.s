// ERROR: zero
// live-out: w0
sub w8, w0, #1
tst w0, w8
cset w9, eq
cmp w0, #0
csel w0, w9, wzr, ne
// =>
sub w8, w0, #1
tst w0, w8
cset w0, eq
