// ERROR: it is set where nothing is borrowed
// live-out: x2
negs w0, w1
cset w2, cs
// =>
neg w0, w1
cmp w1, #0
cset w2, ne
