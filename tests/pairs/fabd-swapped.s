// ERROR: which NaN
// live-out: d0
fabd d0, d0, d1
// =>
fabd d0, d1, d0
