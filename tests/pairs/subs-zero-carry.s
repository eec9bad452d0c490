// ERROR: without a borrow the carry is set
// live-out: nzcv
subs w0, w0, #0
// =>
adds w0, w0, #0
