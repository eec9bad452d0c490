// ERROR: written once
// live-out: sp
// volatile
str w0, [x2]
str w0, [x2]
// =>
str w0, [x2]
