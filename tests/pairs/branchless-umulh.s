// ERROR: a product of just above 2**64
// live-out: w0
umulh x8, x0, x1
sub x8, x8, #0x123
neg x9, x8
orr x8, x8, x9
lsr x0, x8, #63
// =>
mov w0, #1
