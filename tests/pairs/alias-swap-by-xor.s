// ERROR: both may be the same place
// live-out: sp
ldr w8, [x0]
ldr w9, [x1]
eor w8, w8, w9
str w8, [x0]
ldr w9, [x1]
eor w9, w9, w8
str w9, [x1]
// =>
ldr w8, [x0]
ldr w9, [x1]
eor w10, w8, w9
str w10, [x0]
str w8, [x1]
