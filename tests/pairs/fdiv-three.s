// ERROR: one in many is rounded otherwise
// live-out: d0
fmov d1, #3.0
fdiv d0, d0, d1
// =>
mov x8, #0x5555555555555555
movk x8, #0x3fd5, lsl #48
fmov d1, x8
fmul d0, d0, d1
