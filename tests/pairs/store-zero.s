// live-out: x0
mov w8, #0
str w8, [x0]
// =>
str wzr, [x0]
