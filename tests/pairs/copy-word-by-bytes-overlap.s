// ERROR: the second half may have been overwritten by then
ldr w8, [x1]
str w8, [x0]
// =>
ldrh w8, [x1]
strh w8, [x0]
ldrh w8, [x1, #2]
strh w8, [x0, #2]
