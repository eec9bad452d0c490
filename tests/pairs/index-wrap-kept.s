// live-out: w0
sub w8, w2, #1
ldrb w0, [x1, w8, uxtw]
// =>
sub w8, w2, #1
add x8, x1, x8
ldrb w0, [x8]
