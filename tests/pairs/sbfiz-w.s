// ERROR: sign is lost
// live-out: x0
sxtw x0, w0
lsl x0, x0, #2
// =>
lsl w0, w0, #2
