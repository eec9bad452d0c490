// live-out: x0
add x0, x1, w2, uxtb #2
// =>
and x8, x2, #0xff
add x0, x1, x8, lsl #2
