// ERROR: lt holds for unordered too
// live-out: w0
fcmp d0, d1
cset w0, gt
// =>
fcmp d1, d0
cset w0, lt
