// ERROR: up for down
// live-out: x0
fcvtps x0, d0
// =>
fcvtms x0, d0
