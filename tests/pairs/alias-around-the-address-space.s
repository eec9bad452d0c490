// ERROR: one displacement is just below 2**63, the other is -2**63: the store reaches the loaded word
// live-out: x2
movz x10, #0x8000, lsl #48
sub x9, x10, #4
str x0, [x1, x9]
ldr w2, [x1, x10]
// =>
movz x10, #0x8000, lsl #48
sub x9, x10, #4
ldr w2, [x1, x10]
str x0, [x1, x9]
