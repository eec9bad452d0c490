// ERROR: the borrow goes into the carry
// live-out: x0, nzcv
ngcs w0, w1
// =>
sbc w0, wzr, w1
cmp w1, #0
