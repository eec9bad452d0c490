// live-out: x0, x1
adds x0, x0, x2
adcs x1, x1, x3
// =>
adds x0, x0, x2
adc x1, x1, x3
