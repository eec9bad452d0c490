// ERROR: writes to the zero register are lost
// live-out: x0
adds x0, x0, x1
// =>
adds xzr, x0, x1
