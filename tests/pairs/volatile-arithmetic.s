// live-out: w0
// volatile
ldr w8, [x2]
add w8, w8, #1
str w8, [x2]
mov w0, w8
add w0, w0, #0
// =>
ldr w8, [x2]
add w0, w8, #1
str w0, [x2]
