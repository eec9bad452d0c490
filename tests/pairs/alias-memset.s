// live-out: sp
strb wzr, [x0]
strb wzr, [x0, #1]
strb wzr, [x0, #2]
strb wzr, [x0, #3]
// =>
str wzr, [x0]
