// ERROR: unsigned for signed
// live-out: x0
ldr w0, [x1]
sxtw x0, w0
// =>
ldr w0, [x1]
