// ERROR: compared with zero
// live-out: w0, nzcv
sub w0, w1, w2
cmp w0, #0
// =>
subs w0, w1, w2
