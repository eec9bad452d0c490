// ERROR: another rounding
// live-out: d0
frintz d0, d0
// =>
frintm d0, d0
