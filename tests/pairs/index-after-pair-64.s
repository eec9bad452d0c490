// live-out: w0
ldr w8, [x1, x2, lsl #2]
add x9, x2, #1
ldr w9, [x1, x9, lsl #2]
add w0, w8, w9
// =>
add x8, x1, x2, lsl #2
ldp w9, w8, [x8]
add w0, w8, w9
