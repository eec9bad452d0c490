// ERROR: adc takes C, not V
// live-out: x0
adds x3, x1, x2
cset x0, vs
// =>
cmn x1, x2
adc x0, xzr, xzr
