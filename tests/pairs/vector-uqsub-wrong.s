// ERROR: the difference is taken the other way
// live-out: q0
uqsub v0.4s, v1.4s, v2.4s
// =>
umin v2.4s, v1.4s, v2.4s
sub v0.4s, v2.4s, v1.4s
