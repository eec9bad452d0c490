// ERROR: negative numbers
// live-out: w0
cls w0, w0
// =>
clz w0, w0
sub w0, w0, #1
