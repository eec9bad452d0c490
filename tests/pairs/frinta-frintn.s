// ERROR: a half
// live-out: d0
frinta d0, d0
// =>
frintn d0, d0
