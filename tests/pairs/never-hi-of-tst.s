// UNREACHED: tst clears C
// live-out: w2
tst w0, #0xff0
csinc w2, w3, w4, hi
// =>
add w2, w4, #1
