// ERROR: zero is one
// live-out: w0
cmp w0, #0
cset w8, gt
asr w9, w0, #31
orr w0, w8, w9
// =>
asr w8, w0, #31
orr w0, w8, #1
