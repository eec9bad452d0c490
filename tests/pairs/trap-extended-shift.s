// ERROR: extended before the shift, not after it
// live-out: x0
add x0, x1, w2, uxtb #2
// =>
lsl x8, x2, #2
and x8, x8, #0xff
add x0, x1, x8
