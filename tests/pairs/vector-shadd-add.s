// ERROR: the sum of lanes overflows
// live-out: q0
shadd v0.4s, v1.4s, v2.4s
// =>
add v0.4s, v1.4s, v2.4s
sshr v0.4s, v0.4s, #1
