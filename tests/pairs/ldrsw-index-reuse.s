// ERROR: the index is a signed word
// live-out: x0, x1
ldrsw x0, [x1, w0, sxtw #2]
// =>
ldr w0, [x1, x0, lsl #2]
