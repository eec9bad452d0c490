// ERROR: the difference the other way round
// live-out: x0
ldr x8, [x0]
ldr x9, [x0, #32760]
sub x0, x8, x9
// =>
ldr x9, [x0]
ldr x8, [x0, #32760]
sub x0, x8, x9
