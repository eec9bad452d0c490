// ERROR: the largest values wrap
// live-out: x0
add x8, x0, #15
and x8, x8, #0xfffffffffffffff0
cmp x8, x0
csel x0, x8, x0, hs
// =>
add x8, x0, #15
and x0, x8, #0xfffffffffffffff0
