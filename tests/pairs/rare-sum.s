// ERROR: one value in four billion
// live-out: w0
sub w0, w0, #1000
mov w8, #0x10000
cmp w0, w8
cset w0, eq
// =>
mov w0, #0
