// ERROR: carry where w1 is zero
// live-out: nzcv
neg w8, w1
cmp w0, w8
// =>
cmn w0, w1
