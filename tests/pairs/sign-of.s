// live-out: w0
cmp w0, #0
cset w8, gt
asr w9, w0, #31
orr w0, w8, w9
// =>
cmp w0, #0
cset w8, gt
csinv w0, w8, wzr, ge
