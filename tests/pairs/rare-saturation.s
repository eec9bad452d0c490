// ERROR: only the largest value is changed
// live-out: w0
cmn w0, #1
cinc w0, w0, ne
// =>
add w0, w0, #1
