// ERROR: both may be the same place
// live-out: sp
ldr w8, [x0]
add w8, w8, #1
str w8, [x0]
ldr w9, [x1]
add w9, w9, #1
str w9, [x1]
// =>
ldr w8, [x0]
ldr w9, [x1]
add w8, w8, #1
add w9, w9, #1
str w8, [x0]
str w9, [x1]
