// ERROR: the upper half is not cleared
// live-out: x0
mvn w0, w1
// =>
eor x0, x1, #0xffffffff
