// REFUSED: a system call is dropped
svc #0
// =>
nop
