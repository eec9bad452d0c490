"""The comparison of clang's two texts of a job: comments do not count, and its time grows with the text only."""

import time

from peepcc.driver.compile import _bare


def test_comments_do_not_count():
    assert _bare(b"\tadd\tx0, x0, x1   // a remark\n// another\n\tret\n") == [b"\tadd\tx0, x0, x1", b"\tret"]


def test_long_runs_of_blanks_take_no_longer_than_other_text():
    begun = time.process_time()
    text = b'\t.asciz\t"' + b" " * 400_000 + b'"'
    assert _bare(text) == [text]
    assert time.process_time() - begun < 1
