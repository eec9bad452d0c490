// UNREACHED: 32 bits have at most 32 leading zeros
// live-out: w2
clz w3, w0
cmp w3, #33
csel w2, w4, w5, eq
// =>
mov w2, w5
