// live-out: x0
frintn d0, d0
fcvtzs x0, d0
// =>
fcvtns x0, d0
