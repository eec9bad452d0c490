// ERROR: minus one has a carry of its own
// live-out: x2
cmp w0, #0
ccmn w1, #1, #2, ne
cset w2, cs
// =>
cmp w0, #0
ccmp w1, #31, #2, ne
cset w2, cs
