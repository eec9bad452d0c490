// ERROR: half of the constant
// live-out: x0
mov x0, #0x1234
movk x0, #0x5678, lsl #16
// =>
mov x0, #0x1234
