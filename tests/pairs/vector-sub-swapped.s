// ERROR: swapped
// live-out: q0
sub v0.8h, v0.8h, v1.8h
// =>
sub v0.8h, v1.8h, v0.8h
