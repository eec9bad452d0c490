// ERROR: the upper lanes
// live-out: q0
umull2 v0.4s, v0.8h, v1.8h
// =>
umull v0.4s, v0.4h, v1.4h
