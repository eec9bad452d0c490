// ERROR: swapped
// live-out: d0
fdiv d0, d0, d1
// =>
fdiv d0, d1, d0
