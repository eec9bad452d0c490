// ERROR: other flags
// live-out: w0
fcmp d0, d1
fccmp d2, d3, #0, mi
cset w0, mi
// =>
fcmp d0, d1
fccmp d2, d3, #8, mi
cset w0, mi
