// live-out: x0
cbz w1, .L1
add x0, x0, #1
.L1:
// =>
cmp w1, #0
cinc x0, x0, ne
