// ERROR: an index past the table gives zero
// live-out: q0
tbl v0.16b, { v1.16b }, v2.16b
// =>
movi v3.16b, #15
and v2.16b, v2.16b, v3.16b
tbl v0.16b, { v1.16b }, v2.16b
