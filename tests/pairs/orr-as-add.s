// live-out: x0
lsl x8, x0, #8
and x9, x1, #0xff
orr x0, x8, x9
// =>
and x9, x1, #0xff
add x0, x9, x0, lsl #8
