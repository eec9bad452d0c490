// REFUSED: a part of the sequence
// live-out: x0
mrs x8, tpidr_el0
add x0, x8, :tprel_hi12:v
add x0, x0, :tprel_lo12_nc:v
// =>
mrs x8, tpidr_el0
add x0, x8, :tprel_lo12_nc:v
