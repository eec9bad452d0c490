// ERROR: down is not up
// live-out: x0
frintm d0, d0
fcvtzs x0, d0
// =>
fcvtps x0, d0
