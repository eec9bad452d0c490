// live-out: w0
cmp w0, #0
csetm w0, lt
// =>
asr w0, w0, #31
