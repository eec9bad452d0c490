// ERROR: st2 takes lanes by turns
st2 { v0.2s, v1.2s }, [x1]
// =>
st1 { v0.2s, v1.2s }, [x1]
