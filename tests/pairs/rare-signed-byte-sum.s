// ERROR: two signed bytes have the sum -256
// live-out: w0
ldrsb w8, [x0]
ldrsb w9, [x1]
add w8, w8, w9
cmn w8, #256
cset w0, eq
// =>
ldrsb w8, [x0]
ldrsb w9, [x1]
mov w0, #0
