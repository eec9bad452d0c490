// ERROR: the order of overlapping stores
// live-out: sp
strh w1, [x0]
strb w2, [x0, #1]
// =>
strb w2, [x0, #1]
strh w1, [x0]
