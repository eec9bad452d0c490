// live-out: x0
mvn x0, x0
add x0, x0, #1
// =>
neg x0, x0
