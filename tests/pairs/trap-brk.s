// REFUSED: a trap is dropped
brk #1
// =>
nop
