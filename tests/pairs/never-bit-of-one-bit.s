// UNREACHED: one bit is left
// live-out: w2
lsr w3, w0, #31
tbz w3, #1, .L1
str w2, [x6]
.L1:
// =>
