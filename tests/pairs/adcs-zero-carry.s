// ERROR: zero without a carry in is zero as well
// live-out: x2
adcs w0, w1, wzr
cset w2, cs
// =>
cinc w0, w1, cs
cmp w0, #0
cset w2, eq
