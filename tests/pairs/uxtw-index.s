// ERROR: unsigned for signed
// live-out: x0
sxtw x8, w1
add x0, x0, x8, lsl #2
// =>
add x0, x0, w1, uxtw #2
