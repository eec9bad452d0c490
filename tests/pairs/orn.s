// live-out: w0
mvn w8, w1
orr w0, w0, w8
// =>
orn w0, w0, w1
