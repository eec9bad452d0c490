// live-out: d0
cmeq d0, d0, d1
// =>
cmeq v0.2d, v0.2d, v1.2d
