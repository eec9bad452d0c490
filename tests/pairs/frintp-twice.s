// live-out: d0
frintp d0, d0
frintp d0, d0
// =>
frintp d0, d0
