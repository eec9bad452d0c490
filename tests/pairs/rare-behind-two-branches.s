// ERROR: the load behind two rare values
cmp w10, #3
b.ne .L2
ldrb w10, [x8, #8]
ldr x9, [x9]
cmp w10, #3
b.ne .L3
ldr x10, [x8]
add x8, x10, #1
cmp x8, #1
b.ls .L4
// =>
cmp w10, #3
b.ne .L2
ldrb w10, [x8, #8]
ldr x9, [x9]
cmp w10, #3
b.ne .L3
add x8, x10, #1
cmp x8, #1
b.ls .L4
