import errno
import tempfile

import pytest

from tasks.clean._language import _identifier, identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The regional governor said on Monday that repairs to the power grid would take three days.", "en"),
        ("Der Gouverneur sagte am Montag, dass die Reparaturen am Stromnetz drei Tage dauern würden.", "de"),
        ("Губернатор сообщил в понедельник, что ремонт электросети займёт три дня.", "ru"),
    ],
)
def test_the_language_is_identified(text: str, code: str) -> None:
    found, confidence = identify(None, text)
    assert found == code
    assert confidence > 0.5


def test_too_little_text_has_no_language() -> None:
    assert identify(None, "Kyiv 12:30 2024-11-12 100 200 300 400 500") == (None, 0.0)
    assert identify(None, "") == (None, 0.0)


def test_the_title_counts_as_text() -> None:
    assert identify("Governor says that the repairs would take three days", "")[0] == "en"


def test_a_variety_without_a_two_letter_code_is_told_as_a_language_that_has_one() -> None:
    found, _ = identify(None, "Wetin dey happen for Naija? Di pipo dem no sabi wetin go happen next, na so e be.")
    assert found is not None
    assert len(found) == 2


def test_what_is_no_language_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoLanguage:
        def classify(self, _text: str) -> tuple[str, float]:
            return "zxx", 1.0

    monkeypatch.setattr("tasks.clean._language._identifier", NoLanguage)
    assert identify(None, "abcdefghij klmnopqrst uvwxyz") == (None, 0.0)


def test_the_model_is_read_where_no_file_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, full)
    assert _identifier.__wrapped__().classify("The bridge over the river is closed until Monday.")[0] == "en"


def test_a_text_that_begins_in_another_language_is_told_by_more_of_it() -> None:
    begin = "Rue de la Paix, Le Figaro, Paris, London, New York: 12 h. "
    text = begin + "The council said on Monday that the bridge will stay closed until the engineers have seen it. " * 4
    assert identify(None, text)[0] == "en"


def test_a_sure_beginning_decides_without_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Sure:
        def classify(self, text: str) -> tuple[str, float]:
            asked.append(text)
            return "en", 0.96 if len(asked) == 1 else 1.0

    monkeypatch.setattr("tasks.clean._language._identifier", Sure)
    assert identify(None, "abcdefghij " * 60) == ("en", 0.96)
    assert len(asked) == 1
