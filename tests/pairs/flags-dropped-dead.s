// live-out: x0
subs x0, x0, x1
// =>
sub x0, x0, x1
