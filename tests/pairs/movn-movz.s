// live-out: x0
mov x0, #-1
movk x0, #0x1234, lsl #16
// =>
mov x0, #0xffffffff1234ffff
