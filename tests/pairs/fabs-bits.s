// live-out: d0
fmov x8, d0
and x8, x8, #0x7fffffffffffffff
fmov d0, x8
// =>
fabs d0, d0
