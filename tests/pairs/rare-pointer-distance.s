// ERROR: two pointers 24 bytes apart
// live-out: w0
sub x8, x1, x0
cmp x8, #24
cset w0, eq
// =>
mov w0, #0
