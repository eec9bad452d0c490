// ERROR: saturates
// live-out: q0
add v0.16b, v0.16b, v1.16b
// =>
uqadd v0.16b, v0.16b, v1.16b
