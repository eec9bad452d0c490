// ERROR: two bits are left
// live-out: w2
lsr w3, w0, #30
tbz w3, #1, .L1
str w2, [x6]
.L1:
// =>
