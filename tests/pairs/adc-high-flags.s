// ERROR: the carry of the sum alone is another
// live-out: x0, x1, nzcv
adds x0, x0, x2
adcs x1, x1, x3
// =>
adds x0, x0, x2
cinc x1, x1, cs
adds x1, x1, x3
