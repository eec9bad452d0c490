// ERROR: signed for unsigned
// live-out: q0
umax v0.16b, v0.16b, v1.16b
// =>
smax v0.16b, v0.16b, v1.16b
