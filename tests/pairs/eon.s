// live-out: w0
eor w0, w0, w1
mvn w0, w0
// =>
eon w0, w0, w1
