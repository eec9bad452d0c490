// ERROR: unordered
// live-out: q0
fcmge v0.4s, v0.4s, v1.4s
// =>
fcmgt v0.4s, v1.4s, v0.4s
mvn v0.16b, v0.16b
