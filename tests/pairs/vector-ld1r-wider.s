// ERROR: eight bytes for four
// live-out: q0
ldr s0, [x0]
dup v0.4s, v0.s[0]
// =>
ld1r {v0.2d}, [x0]
