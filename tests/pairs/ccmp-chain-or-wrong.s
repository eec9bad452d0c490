// ERROR: no zero flag where the first test decides
cmp w0, #0
b.eq .L1
cmp w1, #0
b.lt .L1
b .L2
// =>
cmp w1, #0
ccmp w0, #0, #0, ge
b.eq .L1
b .L2
