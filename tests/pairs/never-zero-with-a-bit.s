// UNREACHED: it has a bit
// live-out: w2
orr w3, w0, #1
cbz w3, .L1
ldr w2, [x5]
.L1:
// =>
ldr w2, [x5]
