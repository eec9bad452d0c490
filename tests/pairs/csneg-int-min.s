// ERROR: the least number has no absolute value
// live-out: x0
cmp w0, #0
cneg w0, w0, lt
asr w0, w0, #31
// =>
mov w0, #0
