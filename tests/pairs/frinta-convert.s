// live-out: x0
frinta d0, d0
fcvtzs x0, d0
// =>
fcvtas x0, d0
