// ERROR: operands swapped
// live-out: q0
bsl v0.16b, v1.16b, v2.16b
// =>
bsl v0.16b, v2.16b, v1.16b
