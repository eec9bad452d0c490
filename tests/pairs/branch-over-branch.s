cbz x0, .L1
b .L2
.L1:
// =>
cbnz x0, .L2
