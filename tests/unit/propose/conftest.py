"""Models that write one fixed thing, for tests of the embedded backend."""

import numpy as np
import pytest

from peepcc.propose.model.language import END, VOCABULARY, tokens

WIDTH = 32


@pytest.fixture(scope="module")
def writer(tmp_path_factory):
    """Makes the folder of a model that answers every prompt with the same text, and END if `ends`."""

    def make(text, ends=True):
        folder = tmp_path_factory.mktemp("model") / "ct2"
        _chain([*tokens(text), *([END] if ends else [])]).save(folder)
        return folder

    return make


def _chain(words):
    """A model without layers that do anything: each token's successor is read off its embedding."""
    from ctranslate2.specs import common_spec, transformer_spec

    spec = transformer_spec.TransformerDecoderModelSpec.from_config(
        1,
        1,
        activation=common_spec.Activation.SWISH,
        pre_norm=True,
        ffn_glu=True,
        rms_norm=True,
        rotary_dim=0,
        rotary_interleave=False,
    )
    successors = dict(zip([">", *words], words))
    assert len(successors) == len(words), "a word has one successor"
    if words[-1] != END:
        successors[words[-1]] = words[0]
    distinct = sorted({*successors, *successors.values()})
    place = {word: number for number, word in enumerate(distinct)}
    assert len(distinct) <= WIDTH
    size = len(VOCABULARY)
    reads, writes = np.zeros((size, WIDTH), np.float32), np.zeros((size, WIDTH), np.float32)
    for word, successor in successors.items():
        reads[VOCABULARY.index(word), place[word]] = 1
        writes[VOCABULARY.index(successor), place[word]] = 1
    decoder = spec.decoder
    decoder.embeddings.weight, decoder.projection.weight = reads, writes
    decoder.scale_embeddings = False
    decoder.layer_norm.gamma = np.ones(WIDTH, np.float32)
    layer = decoder.layer[0]
    nothing = np.zeros((WIDTH, WIDTH), np.float32)
    layer.self_attention.layer_norm.gamma = layer.ffn.layer_norm.gamma = np.ones(WIDTH, np.float32)
    layer.self_attention.linear[0].weight = np.zeros((3 * WIDTH, WIDTH), np.float32)
    layer.self_attention.linear[1].weight = nothing
    layer.ffn.linear_0.weight = layer.ffn.linear_0_noact.weight = layer.ffn.linear_1.weight = nothing
    spec.config.bos_token = spec.config.eos_token = END
    spec.config.unk_token = "<unk>"
    spec.register_vocabulary(list(VOCABULARY))
    spec.validate()
    return _Saved(spec)


class _Saved:
    def __init__(self, spec):
        self.spec = spec

    def save(self, folder):
        folder.mkdir()
        self.spec.save(str(folder))
