str w0, [x1]
sub x1, x1, #4
// =>
str w0, [x1], #-4
