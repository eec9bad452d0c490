// ERROR: the stack pointer is selected
add x8, x8, #1
cmp x0, x8
mov x8, sp
csel x21, x21, x8, ne
ldrb w8, [x21, #8]
// =>
add x8, x8, #1
cmp x0, x8
csel x21, x21, x8, ne
ldrb w8, [x21, #8]
