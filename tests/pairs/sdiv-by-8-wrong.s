// ERROR: rounds down, not to zero
// live-out: w0
mov w8, #8
sdiv w0, w0, w8
// =>
asr w0, w0, #3
