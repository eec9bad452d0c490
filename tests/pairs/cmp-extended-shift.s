// ERROR: four bits above bit three are lost
// live-out: x2
cmp x0, w1, uxtb #4
cset w2, hi
// =>
ubfiz w8, w1, #4, #4
cmp x0, x8
cset w2, hi
