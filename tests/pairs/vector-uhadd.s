// ERROR: rounded up
// live-out: q0
uhadd v0.16b, v0.16b, v1.16b
// =>
urhadd v0.16b, v0.16b, v1.16b
