// ERROR: only where both pointers are equal
// live-out: w0
ldr w8, [x0]
add w8, w8, #1
str w8, [x0]
ldr w0, [x1]
cmp w8, w0
cset w0, eq
// =>
ldr w9, [x1]
ldr w8, [x0]
add w8, w8, #1
str w8, [x0]
cmp w8, w9
cset w0, eq
