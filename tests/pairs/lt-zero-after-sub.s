// ERROR: the difference may overflow
// live-out: x0
sub w8, w0, w1
lsr w0, w8, #31
// =>
cmp w0, w1
cset w0, lt
