// ERROR: unsigned for signed
// live-out: x0
sxtw x8, w0
sxtw x9, w1
mul x0, x8, x9
// =>
umull x0, w0, w1
