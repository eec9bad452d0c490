// live-out: x0
sub x0, x0, #16
add x0, x0, #4
// =>
sub x0, x0, #12
