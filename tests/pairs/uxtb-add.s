// live-out: x0
and x1, x1, #0xff
add x0, x0, x1, lsl #2
// =>
add x0, x0, w1, uxtb #2
