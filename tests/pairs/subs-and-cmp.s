// live-out: w0, nzcv
sub w0, w1, w2
cmp w1, w2
// =>
subs w0, w1, w2
