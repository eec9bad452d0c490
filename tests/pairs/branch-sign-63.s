// ERROR: the wrong width
// live-out: x0
cmp w0, #0
b.lt .L2
// =>
tbnz x0, #63, .L2
