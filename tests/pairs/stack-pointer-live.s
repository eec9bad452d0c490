// ERROR: sp is live
// live-out: sp
sub sp, sp, #16
// =>
sub sp, sp, #32
