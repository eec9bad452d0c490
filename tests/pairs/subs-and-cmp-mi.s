// live-out: w0, w3
sub w0, w1, w2
cmp w0, #0
cset w3, lt
// =>
subs w0, w1, w2
cset w3, mi
