// live-out: sp
strh wzr, [x0]
strb wzr, [x0, #2]
// =>
strb wzr, [x0, #2]
strh wzr, [x0]
