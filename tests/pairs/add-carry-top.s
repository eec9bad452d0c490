// ERROR: that is the overflow of signed numbers
// live-out: x0
mov w0, w0
add x8, x0, w1, uxtw
lsr x0, x8, #32
// =>
cmn w0, w1
cset w0, vs
