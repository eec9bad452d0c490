// ERROR: the upper half of a word
// live-out: x0
sub w0, w0, #16
add w0, w0, #4
// =>
sub x0, x0, #12
