// live-out: d0
mov x8, #0x4008000000000000
fmov d0, x8
// =>
fmov d0, #3.0
