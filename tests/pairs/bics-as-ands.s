// live-out: w0, nzcv
mvn w8, w1
ands w0, w0, w8
// =>
bics w0, w0, w1
