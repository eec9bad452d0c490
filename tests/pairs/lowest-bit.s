// live-out: x0
neg x8, x0
and x0, x0, x8
// =>
sub x8, x0, #1
bic x0, x0, x8
