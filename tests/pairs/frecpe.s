// ERROR: an estimate
// live-out: s0
frecpe s0, s0
// =>
fmov s1, #1.0
fdiv s0, s1, s0
