"""What `peeplab evaluate` is made of: who answers, how a reply is judged, what is counted, and the report.

The way of a block: `answerers` get a reply (one model, one mode), `scoring` says what it
is worth, `journal` keeps that, `summary` counts, `report` writes. docs/evaluation.md
says what each figure means.
"""
