// ERROR: plus one for not
// live-out: w0
cmp w0, #0
csinv w0, w1, w2, eq
// =>
cmp w0, #0
csinc w0, w1, w2, eq
