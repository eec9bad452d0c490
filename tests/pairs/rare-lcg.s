// ERROR: one seed
// live-out: x0
mov x8, #0x7f2d
movk x8, #0x4c95, lsl #16
movk x8, #0xf42d, lsl #32
movk x8, #0x5851, lsl #48
madd x0, x0, x8, x1
mov x9, #0x1234
movk x9, #0x5678, lsl #32
cmp x0, x9
cinc x0, x0, eq
// =>
mov x8, #0x7f2d
movk x8, #0x4c95, lsl #16
movk x8, #0xf42d, lsl #32
movk x8, #0x5851, lsl #48
madd x0, x0, x8, x1
