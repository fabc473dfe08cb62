import pytest

from tasks.clean._language import identify


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
