// ERROR: some bits are those of a constant
// live-out: w0
and w8, w0, #0xfffff000
mov w9, #0x5000
movk w9, #0x1234, lsl #16
cmp w8, w9
cset w0, eq
// =>
mov w0, #0
