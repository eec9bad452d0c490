// live-out: x0, x1
adds x0, x0, x2
cset x8, hs
add x1, x1, x3
add x1, x1, x8
// =>
adds x0, x0, x2
adc x1, x1, x3
