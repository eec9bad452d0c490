// ERROR: unsigned
// live-out: x0
sxtw x0, w0
sxtw x1, w1
madd x0, x0, x1, x2
// =>
umaddl x0, w0, w1, x2
