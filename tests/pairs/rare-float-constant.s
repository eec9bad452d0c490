// ERROR: 100.5
// live-out: w0
mov x8, #0x200000000000
movk x8, #0x4059, lsl #48
fmov d1, x8
fcmp d0, d1
cset w0, eq
// =>
mov w0, #0
