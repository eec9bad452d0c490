// REFUSED: a lane, times 5, is a constant
// live-out: q0
movi v1.4s, #5
mul v0.4s, v0.4s, v1.4s
movi v1.4s, #0x12, lsl #16
cmeq v0.4s, v0.4s, v1.4s
// =>
movi v0.2d, #0
