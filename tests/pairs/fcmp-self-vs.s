// live-out: w0
fcmp d0, d0
cset w0, ne
// =>
fcmp d0, d0
cset w0, vs
