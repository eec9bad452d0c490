// REFUSED: addresses that only the linker knows
// live-out: x0
adrp x0, a
add x0, x0, :lo12:a
// =>
adrp x0, a
add x0, x0, :lo12:b
