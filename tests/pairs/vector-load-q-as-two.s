// live-out: q0
ldr q0, [x0]
// =>
ldr d0, [x0]
add x8, x0, #8
ld1 {v0.d}[1], [x8]
