// ERROR: unsigned for signed
// live-out: x0
cmp w0, w1
cset w8, lt
cbnz w8, .L2
// =>
cmp w0, w1
b.lo .L2
