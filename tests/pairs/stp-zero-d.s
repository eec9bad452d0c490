// ERROR: sixteen bytes for eight
// live-out: sp
stp wzr, wzr, [x0]
// =>
stp xzr, xzr, [x0]
