// ERROR: another number
// live-out: nzcv
cmp w0, #1
// =>
cmn w0, #1
