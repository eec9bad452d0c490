// ERROR: towards zero
// live-out: x0
fcvtms x0, s1
// =>
fcvtzs x0, s1
