// live-out: x0
fmov x8, d0
fmov x9, d1
add x0, x8, x9
// =>
add d0, d0, d1
fmov x0, d0
