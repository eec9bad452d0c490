// ERROR: fcsel clears the upper half
// live-out: q0
fcsel d0, d1, d2, al
// =>
mov v0.16b, v1.16b
