// live-out: q0
movi v2.4s, #0xff
and v0.16b, v0.16b, v2.16b
shl v3.4s, v1.4s, #8
orr v0.16b, v0.16b, v3.16b
// =>
sli v0.4s, v1.4s, #8
