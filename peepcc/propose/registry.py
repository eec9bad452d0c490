"""Who proposes: the backends by name. To add one is to add a file and a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import PeepccError
from ..settings import Settings
from .protocol import Backend, Reply, Request

_PACKAGED = Path(__file__).parent.parent / "models" / "default"


class Nobody:
    """The backends `none`, and `rules`: the rule book needs no backend."""

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        return iter(())


def asks_rules_first(settings: Settings) -> bool:
    """Whether the rule book is asked before the backend: not where a backend's replies are to be as they were."""
    return settings.backend.partition(":")[0] in ("embedded", "rules", "vllm")


def weights(settings: Settings) -> Path | None:
    """The file that holds what the model learnt, where it is here."""
    kind = settings.backend.partition(":")[0]
    embedded = kind == "embedded" or (kind == "record" and not settings.url)
    return _folder(settings) / "model.bin" if embedded else None


def make_backend(settings: Settings) -> Backend:
    """The backend that the settings name. Raises PeepccError where it cannot be used."""
    kind, _, file = settings.backend.partition(":")
    return _BACKENDS[kind](settings, file)


def _embedded(settings: Settings, file: str) -> Backend:
    from .model.embedded import Embedded

    return Embedded(_folder(settings))


def _folder(settings: Settings) -> Path:
    folder = Path(settings.model) if settings.model else _PACKAGED
    return folder / "ct2" if (folder / "ct2").is_dir() else folder


def _vllm(settings: Settings, file: str) -> Backend:
    from .server.backend import Served  # brings an HTTP client

    if not settings.url:
        raise PeepccError("the backend vllm needs the address of its server: --peepcc-url=http://HOST:PORT")
    return Served(settings.url, settings.model, settings.api_key)


def _replay(settings: Settings, file: str) -> Backend:
    from .replay import Replay

    return Replay(Path(file))


def _record(settings: Settings, file: str) -> Backend:
    from .replay import Record

    return Record(Path(file), (_vllm if settings.url else _embedded)(settings, ""))


def _mutator(settings: Settings, file: str) -> Backend:
    from .mutator.backend import Mutator

    return Mutator()


def _none(settings: Settings, file: str) -> Backend:
    return Nobody()


_BACKENDS = {
    "embedded": _embedded,
    "rules": _none,
    "vllm": _vllm,
    "replay": _replay,
    "record": _record,
    "mutator": _mutator,
    "none": _none,
}
