// live-out: q0
mov w8, #0
dup v0.4s, w8
// =>
movi v0.2d, #0
