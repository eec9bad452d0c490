// ERROR: nzcv is live
// live-out: x0, nzcv
subs x0, x0, x1
// =>
sub x0, x0, x1
