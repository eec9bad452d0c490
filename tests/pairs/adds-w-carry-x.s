// ERROR: the upper halves are not zero
// live-out: x2
adds w0, w0, w1
cset w2, cs
// =>
add x8, x0, x1
lsr x2, x8, #32
