// UNREACHED: the second branch asks for the opposite
// live-out: w2
tbz w0, #3, .L1
and w3, w0, #8
cbz w3, .L2
add w2, w2, #1
.L1:
// =>
tbz w0, #3, .L1
add w2, w2, #1
.L1:
