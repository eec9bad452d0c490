// live-out: x0
sxth x8, w1
sub x0, x0, x8
// =>
sub x0, x0, w1, sxth
