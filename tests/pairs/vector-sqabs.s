// ERROR: the least number saturates
// live-out: q0
abs v0.4s, v0.4s
// =>
sqabs v0.4s, v0.4s
