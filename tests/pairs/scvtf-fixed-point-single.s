// live-out: s0
scvtf s0, x0
fmov s1, #0.125
fmul s0, s0, s1
// =>
scvtf s0, x0, #3
