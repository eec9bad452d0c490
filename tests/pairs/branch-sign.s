// live-out: x0
cmp w0, #0
b.lt .L2
// =>
tbnz w0, #31, .L2
