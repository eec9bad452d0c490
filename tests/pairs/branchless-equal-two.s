// ERROR: two registers that are equal
// live-out: w0
sub x8, x0, x1
sub x9, x1, x0
orr x8, x8, x9
lsr x8, x8, #63
eor w0, w8, #1
// =>
mov w0, #0
