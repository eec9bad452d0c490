// ERROR: the immediate has wrapped, below sp
// live-out: sp
str x0, [sp, #504]
// =>
stur x0, [sp, #-8]
