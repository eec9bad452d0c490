// ERROR: an index above 15 gives zero
// live-out: q0
tbl v0.16b, {v1.16b}, v0.16b
// =>
movi v2.16b, #15
and v0.16b, v0.16b, v2.16b
tbl v0.16b, {v1.16b}, v0.16b
