// live-out: x0
str wzr, [x0]
str wzr, [x0, #4]
// =>
str xzr, [x0]
