// live-out: w0
lsl w0, w0, #12
asr w0, w0, #20
// =>
sbfx w0, w0, #8, #12
