// ERROR: a lane, shifted, is a constant
// live-out: q0
ushr v0.4s, v0.4s, #5
movi v1.4s, #0x12, lsl #16
cmeq v0.4s, v0.4s, v1.4s
// =>
movi v0.2d, #0
