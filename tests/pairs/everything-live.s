nop
// =>
