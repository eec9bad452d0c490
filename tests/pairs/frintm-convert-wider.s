// ERROR: what saturates does so elsewhere
// live-out: x0
frintm d0, d0
fcvtzs w0, d0
// =>
fcvtms x0, d0
