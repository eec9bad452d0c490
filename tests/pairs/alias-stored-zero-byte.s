// ERROR: the second store may reach a part
// live-out: w0
mov w8, #1
str wzr, [x1]
strb w8, [x2]
ldr w0, [x1]
// =>
mov w8, #1
str wzr, [x1]
strb w8, [x2]
mov w0, #0
