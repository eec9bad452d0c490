// ERROR: carry of a logical instruction is clear
// live-out: nzcv
cmp w0, #0
// =>
tst w0, w0
