// ERROR: words change places, not halves
// live-out: q0
ext v0.8b, v1.8b, v1.8b, #4
// =>
rev64 v0.4h, v1.4h
