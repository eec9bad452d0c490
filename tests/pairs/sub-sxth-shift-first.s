// ERROR: the sign is that of the half before the shift
// live-out: x0
sub x0, x1, w2, sxth #3
// =>
lsl w8, w2, #3
sub x0, x1, w8, sxth
