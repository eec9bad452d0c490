// live-out: x0
sxtw x0, w0
lsl x0, x0, #2
// =>
sbfiz x0, x0, #2, #32
