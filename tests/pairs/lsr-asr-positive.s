// live-out: w0
and w0, w0, #0x7fffffff
asr w0, w0, #3
// =>
ubfx w0, w0, #3, #28
