// live-out: q0
pmull v0.1q, v1.1d, v2.1d
// =>
pmull v0.1q, v2.1d, v1.1d
