// ERROR: the displacements are 2**63 - 1 and -2**63: the stores overlap
// live-out: x0
movz x10, #0x8000, lsl #48
mvn x9, x10
str x0, [x1, x9]
str x2, [x1, x10]
// =>
movz x10, #0x8000, lsl #48
mvn x9, x10
str x2, [x1, x10]
str x0, [x1, x9]
