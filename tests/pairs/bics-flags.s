// ERROR: no flags
// live-out: w0, nzcv
bics w0, w0, w1
// =>
bic w0, w0, w1
