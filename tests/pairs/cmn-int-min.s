// ERROR: its negation is itself, and the overflow another
// live-out: x2
mov w1, #-2147483648
cmn w0, w1
cset w2, vs
// =>
mov w1, #-2147483648
cmp w0, w1
cset w2, vs
