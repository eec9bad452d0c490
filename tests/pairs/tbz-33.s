// live-out: x0
tst x0, #0x200000000
b.eq .L1
// =>
tbz x0, #33, .L1
