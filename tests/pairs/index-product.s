// live-out: w0
add w8, w2, w2, lsl #1
ldr w0, [x1, w8, sxtw #2]
// =>
mov w9, #3
mul w8, w2, w9
ldr w0, [x1, w8, sxtw #2]
