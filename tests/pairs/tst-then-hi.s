// ERROR: hi is never, after tst
// live-out: w0
cmp w0, #0
cset w0, hi
// =>
tst w0, w0
cset w0, hi
