// live-out: w0
fmov s0, w0
cnt v0.8b, v0.8b
addv b0, v0.8b
fmov w0, s0
// =>
lsr w8, w0, #1
and w8, w8, #0x55555555
sub w0, w0, w8
and w8, w0, #0x33333333
lsr w0, w0, #2
and w0, w0, #0x33333333
add w0, w8, w0
add w0, w0, w0, lsr #4
and w0, w0, #0x0f0f0f0f
mov w8, #0x01010101
mul w0, w0, w8
lsr w0, w0, #24
