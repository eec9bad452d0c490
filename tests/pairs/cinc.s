// live-out: x0
cmp w1, #0
cset x8, ne
add x0, x0, x8
// =>
cmp w1, #0
cinc x0, x0, ne
