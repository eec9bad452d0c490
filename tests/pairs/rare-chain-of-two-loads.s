// ERROR: what a loaded pointer points to is a constant
// live-out: w0
ldr x8, [x0, #8]
ldr w9, [x8, #4]
mov w10, #0x4567
movk w10, #0x3123, lsl #16
cmp w9, w10
cset w0, eq
// =>
ldr x8, [x0, #8]
ldr w9, [x8, #4]
mov w0, #0
