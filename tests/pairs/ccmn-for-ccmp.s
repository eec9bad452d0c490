// ERROR: plus for minus
// live-out: w0
cmp w0, #5
ccmp w1, #7, #0, eq
cset w0, eq
// =>
cmp w0, #5
ccmn w1, #7, #0, eq
cset w0, eq
