// ERROR: the other zero
// live-out: d0
fcmp d0, #0.0
movi d1, #0
fcsel d0, d1, d0, eq
// =>
fmov d0, d0
