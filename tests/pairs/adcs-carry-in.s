// ERROR: the carry in is lost
// live-out: x0, x1
adds x0, x0, x2
adc x1, x1, x3
// =>
add x0, x0, x2
adc x1, x1, x3
