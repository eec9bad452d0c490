"""Programs from text, shared by the tests of this room."""

import pytest

from peepcc.analysis.obligation import Obligation
from peepcc.analysis.registers import parts, union
from peepcc.assembly.encode import Encoder
from peepcc.lab.verify import FEATURES, newest_clang, read_program


@pytest.fixture(scope="session")
def encoder():
    return Encoder(newest_clang(), FEATURES)


@pytest.fixture(scope="session")
def claim(encoder):
    """Obligation of two texts, instructions separated by `;`; `live`: register names, None for all."""

    def make(before, after, live=None, **fields):
        source, target = (read_program(text.replace(";", "\n"), encoder) for text in (before, after))
        live_out = {} if live is None else {"": union(parts(name) for name in live.split())}
        return Obligation(source, target, fields.pop("live_out", live_out), **fields)

    return make
