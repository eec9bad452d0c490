// ERROR: one pair of operands
// live-out: w0
sdiv w8, w0, w1
mov w9, #0x80000000
cmp w0, w9
ccmn w1, #1, #0, eq
csel w0, wzr, w8, eq
// =>
sdiv w0, w0, w1
