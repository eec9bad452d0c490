// ERROR: one integer
// live-out: w0
scvtf d0, w0
mov x8, #0x400000000000
movk x8, #0x4120, lsl #48
fmov d1, x8
fcmp d0, d1
cset w0, eq
// =>
mov w0, #0
