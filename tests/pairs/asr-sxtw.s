// live-out: x0
sxtw x0, w0
asr x0, x0, #4
// =>
sbfx x0, x0, #4, #28
