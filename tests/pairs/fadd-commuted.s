// ERROR: which NaN is returned
// live-out: d0
fadd d0, d0, d1
// =>
fadd d0, d1, d0
