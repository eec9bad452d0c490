// ERROR: the carry counts
// live-out: x0
ngc x0, x1
// =>
neg x0, x1
