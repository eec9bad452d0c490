"""From argv to clang's jobs to objects: what peepcc does as a compiler driver."""
