// live-out: q0
cmge v0.4s, v0.4s, v1.4s
// =>
cmgt v0.4s, v1.4s, v0.4s
mvn v0.16b, v0.16b
