// ERROR: nothing of the old lanes is left
// live-out: q0
sli v0.4s, v1.4s, #0
// =>
orr v0.16b, v0.16b, v1.16b
