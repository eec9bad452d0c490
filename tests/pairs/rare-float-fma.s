// REFUSED: the fused result is 5
// live-out: w0
fmadd d0, d0, d1, d2
fmov d1, #5.0
fcmp d0, d1
cset w0, eq
// =>
mov w0, #0
