// ERROR: from the other base
// live-out: x0
ldr x8, [x0, #16000]
ldr x9, [x1]
ldr x10, [x1, #32000]
ldr x11, [x0]
sub x0, x8, x10
// =>
ldr x8, [x1]
ldr x10, [x1, #32000]
ldr x9, [x0, #16000]
ldr x11, [x0]
sub x0, x8, x10
