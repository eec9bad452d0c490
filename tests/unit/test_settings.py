from __future__ import annotations

import pytest

from peepcc.settings import OPTIONS, Settings, UsageError, read_settings


def test_defaults_and_what_is_left():
    settings, rest = read_settings(["-O2", "-c", "a.c"], {"PATH": "/bin"})
    assert settings == Settings() and rest == ["-O2", "-c", "a.c"]
    assert (settings.backend, settings.policy, settings.budget, settings.only) == ("embedded", "proved", 60.0, ())


def test_each_setting_has_both_spellings():
    texts = {
        "backend": "none",
        "policy": "emulated",
        "budget": "1.5",
        "repair": "0",
        "first": "2",
        "last": "3",
        "explain": "1",
        "off": "1",
        "quiet": "1",
        "help": "1",
        "identity": "1",
    }
    for name in OPTIONS:
        text = texts.get(name, "some,text")
        by_option = read_settings([f"--peepcc-{name}={text}"], {})
        by_variable = read_settings([], {f"PEEPCC_{name.upper()}": text})
        assert by_option == by_variable and by_option[1] == []
        assert name == "backend" or name == "policy" or getattr(by_option[0], name) != getattr(Settings(), name)


def test_options_win_over_variables_and_empty_variables_are_not_set():
    assert read_settings(["--peepcc-backend=none"], {"PEEPCC_BACKEND": "vllm"})[0].backend == "none"
    assert read_settings([], {"PEEPCC_BACKEND": "", "PEEPCC_OFF": ""})[0] == Settings()


def test_bare_options_are_truths_only():
    assert read_settings(["--peepcc-explain"], {})[0].explain is True
    assert read_settings(["--peepcc-explain=0"], {"PEEPCC_EXPLAIN": "1"})[0].explain is False
    with pytest.raises(UsageError, match="needs a value"):
        read_settings(["--peepcc-report"], {})


@pytest.mark.parametrize(
    "argv, environ",
    [
        (["--peepcc-bakend=none"], {}),
        (["--peepcc-"], {}),
        (["--peepcc-api-key=secret"], {}),
        ([], {"PEEPCC_BAKEND": "none"}),
        ([], {"PEEPCC_backend": "none"}),
        (["--peepcc-backend=gpt"], {}),
        (["--peepcc-backend=replay:"], {}),
        (["--peepcc-backend=replay:FILE2", "--peepcc-backend=replay"], {}),
        (["--peepcc-policy=hope"], {}),
        (["--peepcc-budget=-1"], {}),
        (["--peepcc-budget=nan"], {}),
        (["--peepcc-first=0"], {}),
        (["--peepcc-repair=-1"], {}),
        (["--peepcc-repair="], {}),
        (["--peepcc-quiet=maybe"], {}),
    ],
)
def test_what_is_wrong_is_an_error(argv, environ):
    with pytest.raises(UsageError) as raised:
        read_settings(argv, environ)
    assert "\n" not in raised.value.reason and "secret" not in raised.value.reason


def test_the_key_comes_from_the_environment_and_is_not_shown():
    settings = read_settings([], {"PEEPCC_API_KEY": "secret"})[0]
    assert settings.api_key == "secret" and "secret" not in repr(settings) and "secret" not in str(settings)


def test_selection():
    settings = read_settings(["--peepcc-only=lv*.c,main"], {})[0]
    assert settings.selects("src/lvm.c", "anything") and settings.selects("x.c", "main")
    assert not settings.selects("src/lapi.c", "lua_pop")
    settings = read_settings(["--peepcc-skip=src/*,hot_?"], {})[0]
    assert not settings.selects("src/lvm.c", "f") and not settings.selects("a.c", "hot_1")
    assert settings.selects("a.c", "f") and Settings().selects("a.c", "f")


def test_each_setting_has_a_type():
    assert [*Settings.__annotations__] == [*Settings._fields]
