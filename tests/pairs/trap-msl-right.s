// live-out: q0
movi v0.4s, #3, msl #8
// =>
mov w8, #0x3ff
dup v0.4s, w8
