// live-out: w0
add x8, x1, x2, lsl #2
ldr w0, [x8, #4]
// =>
add x8, x2, #1
ldr w0, [x1, x8, lsl #2]
