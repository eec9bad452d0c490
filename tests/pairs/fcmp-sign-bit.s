// ERROR: minus zero, NaN
// live-out: w0
fcmp d0, #0.0
cset w0, mi
// =>
fmov x8, d0
lsr x0, x8, #63
