// ERROR: hi never holds
// live-out: w2
tst w0, #0xff0
csinc w2, w3, w4, hi
// =>
mov w2, w3
