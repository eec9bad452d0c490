// ERROR: al takes the first
// live-out: x0
csinc w0, w1, w2, al
// =>
add w0, w2, #1
