// REFUSED: goes backwards
.L1:
sub x0, x0, #1
cbnz x0, .L1
// =>
mov x0, #0
