// ERROR: equal does not mean carry
// live-out: x0, w2
adds x0, x0, x1
cset w2, hs
// =>
add x0, x0, x1
cmp x0, x1
cset w2, ls
