// live-out: x0
mov x8, #0
sub x0, x8, x0
// =>
neg x0, x0
