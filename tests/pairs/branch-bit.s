// live-out: x0
tst w0, #0x8
b.ne .L2
// =>
tbnz w0, #3, .L2
