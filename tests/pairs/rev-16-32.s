// ERROR: halves against words
// live-out: x0
rev16 x0, x0
// =>
rev32 x0, x0
