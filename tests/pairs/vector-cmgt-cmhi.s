// ERROR: signed
// live-out: q0
cmgt v0.8h, v0.8h, v1.8h
// =>
cmhi v0.8h, v0.8h, v1.8h
