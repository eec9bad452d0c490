// ERROR: one pair of words
// live-out: q0
mov x8, #0x4567
movk x8, #0x8123, lsl #32
dup v1.2d, x8
cmeq v0.2d, v0.2d, v1.2d
// =>
movi v0.2d, #0
