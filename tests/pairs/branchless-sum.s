// ERROR: one sum in four billion
// live-out: w0
add w8, w0, w1
mov w9, #0x4567
movk w9, #0x8123, lsl #16
sub w8, w8, w9
neg w9, w8
orr w8, w8, w9
lsr w0, w8, #31
// =>
mov w0, #1
