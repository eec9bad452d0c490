// ERROR: another address
// live-out: x0
str wzr, [x0]
str wzr, [x0, #8]
// =>
str xzr, [x0]
