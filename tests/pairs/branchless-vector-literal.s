// ERROR: one word of four
// live-out: q0
movi v1.4s, #0x77, lsl #16
cmeq v0.4s, v0.4s, v1.4s
// =>
movi v0.2d, #0
