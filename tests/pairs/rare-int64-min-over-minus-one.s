// ERROR: one pair of operands
// live-out: x0
sdiv x8, x0, x1
mov x9, #0x8000000000000000
cmp x0, x9
ccmn x1, #1, #0, eq
csel x0, xzr, x8, eq
// =>
sdiv x0, x0, x1
