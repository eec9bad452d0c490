// live-out: q0
fcmgt v0.4s, v0.4s, #0.0
// =>
movi v1.2d, #0
fcmgt v0.4s, v0.4s, v1.4s
