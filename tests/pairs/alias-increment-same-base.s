// live-out: sp
ldr w8, [x0]
add w8, w8, #1
str w8, [x0]
ldr w9, [x0, #4]
add w9, w9, #1
str w9, [x0, #4]
// =>
ldp w8, w9, [x0]
add w8, w8, #1
add w9, w9, #1
stp w8, w9, [x0]
