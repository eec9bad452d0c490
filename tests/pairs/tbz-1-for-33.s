// ERROR: bit 33 is not bit 1
// live-out: x0
tst x0, #0x200000000
b.eq .L1
// =>
tbz w0, #1, .L1
