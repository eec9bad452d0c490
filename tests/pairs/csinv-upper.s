// ERROR: the upper half is ones
// live-out: x0
cmp w1, #0
csinv w0, w2, wzr, eq
// =>
cmp w1, #0
csinv x0, x2, xzr, eq
