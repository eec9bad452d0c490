// ERROR: sign of the word
// live-out: x0
cmp x0, #0
b.lt .L1
// =>
tbnz w0, #31, .L1
