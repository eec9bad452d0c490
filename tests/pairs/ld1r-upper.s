// ERROR: the upper half is zero
// live-out: q0
ld1r { v0.2s }, [x1]
// =>
ld1r { v0.4s }, [x1]
