// live-out: w0
cmp w0, #0
cset w0, eq
// =>
tst w0, w0
cset w0, eq
