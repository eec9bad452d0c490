// ERROR: four bytes for three
// live-out: sp
strb wzr, [x0]
strb wzr, [x0, #1]
strb wzr, [x0, #2]
// =>
str wzr, [x0]
