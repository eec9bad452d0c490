// ERROR: the product has 64 bits
// live-out: x0
smnegl x0, w1, w2
// =>
mul w8, w1, w2
neg w8, w8
sxtw x0, w8
