// ERROR: it may be zero, and then nothing is loaded
// live-out: w2
orr w3, w0, w1
cbz w3, .L1
ldr w2, [x5]
.L1:
// =>
ldr w2, [x5]
