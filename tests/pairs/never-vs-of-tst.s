// UNREACHED: tst clears V
// live-out: w2
tst w0, w1
cset w2, vs
// =>
mov w2, #0
