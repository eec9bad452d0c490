// ERROR: operands swapped
// live-out: q0
mul v2.4s, v1.4s, v2.4s
sub v0.4s, v2.4s, v0.4s
// =>
mls v0.4s, v1.4s, v2.4s
