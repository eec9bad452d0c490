// ERROR: one entry of a table
// live-out: w0
ldr w8, [x0, x1, lsl #2]
mov w9, #0xcdef
movk w9, #0x1b, lsl #16
cmp w8, w9
cset w0, eq
// =>
ldr w8, [x0, x1, lsl #2]
mov w0, #0
