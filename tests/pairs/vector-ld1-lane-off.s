// ERROR: another lane
// live-out: q0
ldr w8, [x0]
mov v0.s[2], w8
// =>
ld1 {v0.s}[1], [x0]
