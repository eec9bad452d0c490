// ERROR: keeps the carry
// live-out: q0
add v0.16b, v0.16b, v1.16b
ushr v0.16b, v0.16b, #1
// =>
uhadd v0.16b, v0.16b, v1.16b
