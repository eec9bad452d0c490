// ERROR: one value
// live-out: x0
mov x8, #0x4567
movk x8, #0x8123, lsl #48
eor x8, x0, x8
subs x8, x8, #1
ngc x0, xzr
// =>
mov x0, #0
