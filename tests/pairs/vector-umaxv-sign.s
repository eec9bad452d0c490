// ERROR: signed
// live-out: s0
umaxv b0, v0.16b
// =>
smaxv b0, v0.16b
