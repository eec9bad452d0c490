// live-out: w0
mov w0, w0
clz x0, x0
sub w0, w0, #32
// =>
clz w0, w0
