// ERROR: another value
cbz x0, .L1
sub x0, x0, #1
cbz x0, .L2
// =>
cbz x0, .L1
sub x0, x0, #1
