// ERROR: two lanes are cleared
// live-out: q0
frintm v0.4s, v0.4s
fcvtzs v0.4s, v0.4s
// =>
fcvtms v0.2s, v0.2s
