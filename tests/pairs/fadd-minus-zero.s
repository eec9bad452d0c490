// ERROR: plus zero becomes minus zero never, but minus zero becomes plus zero
// live-out: d0
fmov d2, #1.0
fmul d0, d0, d2
// =>
fmov d2, #1.0
fmul d0, d0, d2
fmov d1, xzr
fadd d0, d0, d1
