// ERROR: operands swapped
// live-out: x0
sub x0, x0, x1
// =>
sub x0, x1, x0
