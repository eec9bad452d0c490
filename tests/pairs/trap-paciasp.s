// REFUSED: signs the return address
paciasp
// =>
nop
