// ERROR: the carry is clear
// live-out: x2
tst w0, #0xf0
cset w2, hi
// =>
tst w0, #0xf0
cset w2, ne
