// ERROR: minus zero never carries, minus a compare always
// live-out: x1
cmn w0, #0
cset w1, cs
// =>
cmp w0, #0
cset w1, cs
