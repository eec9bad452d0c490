// REFUSED: checks the return address
autiasp
ret
// =>
ret
