// ERROR: the words change places
// live-out: x0
rev32 x0, x1
// =>
rev x0, x1
