// live-out: nzcv
movi d1, #0
fcmp d0, d1
// =>
fcmp d0, #0.0
