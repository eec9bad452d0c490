// live-out: d0
fmov d1, #4.0
fdiv d0, d0, d1
// =>
fmov d1, #0.25
fmul d0, d0, d1
