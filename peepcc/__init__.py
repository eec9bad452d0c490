"""peepcc: clang for AArch64 with one more step, validated rewrites, between compiler and assembler."""

__version__ = "0.1.0"
