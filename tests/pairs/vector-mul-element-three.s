// ERROR: it is the last lane
// live-out: q0
mul v0.2s, v1.2s, v2.s[3]
// =>
mul v0.2s, v1.2s, v2.s[1]
