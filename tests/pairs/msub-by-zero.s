// ERROR: a division by zero leaves zero
// live-out: x0
udiv w8, w0, w1
msub w0, w8, w1, w0
// =>
sub w8, w1, #1
and w0, w0, w8
