// ERROR: the bias is 7
// live-out: w0
mov w8, #8
sdiv w0, w0, w8
// =>
add w8, w0, #8
cmp w0, #0
csel w8, w8, w0, lt
asr w0, w8, #3
