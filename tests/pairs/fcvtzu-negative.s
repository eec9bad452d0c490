// ERROR: negative numbers are zero
// live-out: x0
fcvtzu x0, d0
// =>
fcvtzs x0, d0
