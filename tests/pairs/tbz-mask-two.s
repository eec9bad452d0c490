// ERROR: two bits
// live-out: x0
tst x0, #0x3
b.eq .L1
// =>
tbz x0, #0, .L1
