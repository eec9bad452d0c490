// ERROR: condition off by equality
// live-out: x0
mvn x8, x2
cmp w0, #0
csel x0, x1, x8, gt
// =>
cmp w0, #0
csinv x0, x1, x2, ge
