// ERROR: nzcv is live
// live-out: x0, nzcv
add x0, x0, #1
// =>
adds x0, x0, #1
