// ERROR: one word of four
// live-out: q0
movi v2.4s, #0x77, lsl #16
add v0.4s, v0.4s, v1.4s
cmeq v0.4s, v0.4s, v2.4s
// =>
movi v0.2d, #0
