// ERROR: leading for trailing zeros
// live-out: w0
rbit w0, w0
clz w0, w0
// =>
clz w0, w0
