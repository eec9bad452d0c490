// live-out: nzcv
mov w8, #-5
cmp w0, w8
// =>
cmn w0, #5
