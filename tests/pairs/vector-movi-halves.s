// ERROR: every second byte
// live-out: q0
mov w8, #0x0f0f0f0f
dup v0.4s, w8
// =>
movi v0.8h, #15
