// live-out: q0
movi v1.2d, #0
cmeq v0.4s, v0.4s, v1.4s
// =>
cmeq v0.4s, v0.4s, #0
