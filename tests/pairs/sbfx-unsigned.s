// ERROR: unsigned for signed
// live-out: w0
lsl w0, w0, #8
asr w0, w0, #24
// =>
ubfx w0, w0, #16, #8
