// ERROR: eight bits that must be set
// live-out: w0
mov w8, #0x4921
movk w8, #0x1248, lsl #16
and w9, w0, w8
cmp w9, w8
cset w0, eq
// =>
mov w0, #0
