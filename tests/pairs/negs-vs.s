// ERROR: for the least number
// live-out: x2
negs w0, w1
cset w2, vs
// =>
neg w0, w1
mov w2, #0
