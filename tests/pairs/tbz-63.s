// live-out: x0
cmp x0, #0
b.lt .L1
// =>
tbnz x0, #63, .L1
