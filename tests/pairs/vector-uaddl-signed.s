// ERROR: signed
// live-out: q0
ushll v2.8h, v0.8b, #0
ushll v3.8h, v1.8b, #0
add v0.8h, v2.8h, v3.8h
// =>
saddl v0.8h, v0.8b, v1.8b
