// ERROR: least numbers
// live-out: d0
mov x8, #0x0010000000000000
fmov d1, x8
fabs d2, d0
fcmp d2, d1
movi d3, #0
fcsel d0, d3, d0, mi
// =>
mov x8, #0x0010000000000000
fmov d1, x8
fabs d2, d0
