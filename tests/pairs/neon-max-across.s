// ERROR: signed for unsigned
// live-out: s0
umaxv s0, v0.4s
// =>
smaxv s0, v0.4s
