// ERROR: nzcv is live
// live-out: w0, nzcv
cmp w0, #9
cset w0, le
// =>
cmp w0, #10
cset w0, lt
