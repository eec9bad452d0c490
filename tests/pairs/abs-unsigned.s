// ERROR: the other condition
// live-out: w0
cmp w0, #0
cneg w0, w0, lt
// =>
cmp w0, #0
cneg w0, w0, gt
