// ERROR: carry
// live-out: nzcv
cmp w0, #0
// =>
tst w0, w0
