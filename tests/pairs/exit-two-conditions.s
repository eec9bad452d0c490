// live-out: w0
cmp w0, #5
b.eq .L1
b.gt .L1
// =>
cmp w0, #5
b.ge .L1
