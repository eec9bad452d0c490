// live-out: x0, nzcv
cmp w1, w2
csetm w0, lo
// =>
cmp w1, w2
sbc w0, wzr, wzr
