// ERROR: the sign itself does not count
// live-out: x0
cls w0, w1
// =>
eor w8, w1, w1, asr #31
clz w0, w8
