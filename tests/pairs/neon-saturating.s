// ERROR: saturates
// live-out: q0
add v0.8h, v0.8h, v1.8h
// =>
sqadd v0.8h, v0.8h, v1.8h
