// ERROR: sign bit of the word
// live-out: x0
sxtw x0, w0
asr x0, x0, #4
// =>
asr x0, x0, #4
