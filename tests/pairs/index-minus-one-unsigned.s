// ERROR: 0 - 1 is four billion
// live-out: w0
sub w8, w2, #1
ldrb w0, [x1, w8, uxtw]
// =>
add x8, x1, w2, uxtw
ldurb w0, [x8, #-1]
