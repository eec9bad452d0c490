// ERROR: the fourth byte stays
strb wzr, [x1]
strb wzr, [x1, #1]
strb wzr, [x1, #2]
// =>
str wzr, [x1]
