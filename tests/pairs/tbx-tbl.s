// ERROR: out of range is kept
// live-out: q0
tbx v0.16b, {v1.16b}, v2.16b
// =>
tbl v0.16b, {v1.16b}, v2.16b
