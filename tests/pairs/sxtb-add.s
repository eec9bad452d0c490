// ERROR: signed
// live-out: x0
and x8, x1, #0xff
add x0, x0, x8, lsl #2
// =>
add x0, x0, w1, sxtb #2
