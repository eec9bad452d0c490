// ERROR: one off
// live-out: x0
neg x0, x0
// =>
mvn x0, x0
