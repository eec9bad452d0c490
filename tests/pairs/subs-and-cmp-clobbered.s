// ERROR: w1 is written first
// live-out: w1, nzcv
sub w1, w1, w2
cmp w1, w2
// =>
subs w1, w1, w2
