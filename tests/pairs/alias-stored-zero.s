// live-out: w0
str wzr, [x1]
str wzr, [x2]
ldr w0, [x1]
// =>
str wzr, [x1]
str wzr, [x2]
mov w0, #0
