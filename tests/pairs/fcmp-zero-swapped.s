// ERROR: swapped
// live-out: nzcv
movi d1, #0
fcmp d1, d0
// =>
fcmp d0, #0.0
