// live-out: sp
stp wzr, wzr, [x0]
// =>
str xzr, [x0]
