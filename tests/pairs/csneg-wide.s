// ERROR: the upper half of a negated word
// live-out: x0
neg w8, w2
cmp w0, #0
csel x0, x1, x8, eq
// =>
cmp w0, #0
csneg x0, x1, x2, eq
