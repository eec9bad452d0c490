// ERROR: carry is left as it was
// live-out: nzcv
cmp x1, x2
tst x0, #0xff
// =>
cmp x1, x2
and x0, x0, #0xff
