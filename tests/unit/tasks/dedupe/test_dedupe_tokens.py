import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.dedupe import _tokens
from tasks.dedupe._tokens import distinct, mix, tokenise


def hashes(text: str) -> list[int]:
    return tokenise(text).hashes.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Pentagon said", "the pentagon SAID"),
        ("don't go", "don’t  go"),
        ("first\n\nsecond", "first, second."),
        ("ﬁnance", "finance"),
        ("МИР", "мир"),
        ("café", "cafe\u0301"),
        ("Peñaflor, Łódź", "Penaflor Lodz"),
        ("Straße", "STRASSE"),
        ("İzmir", "izmir"),
        ("in\u00adfor\u200bmation", "information"),
        ("أَعلنت الســوق", "أعلنت السوق"),
        ("كيانوش ۱۳۹۸", "کیانوش 1398"),
    ],
)
def test_case_punctuation_spacing_and_compatibility_forms_do_not_matter(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)


@pytest.mark.parametrize(
    ("misread", "meant"),
    [
        ("the 1oss of w00den f1oors", "the loss of wooden floors"),
        ("0f a 5tone, c10sed in l987", "Of a 5tone, closed in 1987"),
        ("I00 men", "100 men"),
    ],
)
def test_what_a_scanner_takes_for_digits_or_letters_is_read_as_what_it_was(misread: str, meant: str) -> None:
    one, other = tokenise(misread), tokenise(meant)
    assert one.hashes.tolist() == other.hashes.tolist()
    assert one.numbers.tolist() == other.numbers.tolist()


def test_ordinals_units_and_names_with_figures_stay_as_they_are() -> None:
    text = "14th 1st 5pm 10km 1980s 20jährige 9.5m १८वीं 2nd"
    assert tokenise(text).numbers.all()
    assert len(set(hashes("G20 G2O A1 Al MP3 9a ga 10 lo o0"))) == 10
    assert hashes("a1 1") != hashes("al l")


def test_a_headline_ends_where_it_ended_before_soft_hyphens_were_left_out() -> None:
    title, text = _tokens.tokenise_both("Two\u00ad words", "and three\u200b more")
    assert (len(title), len(text)) == (2, 3)


def test_characters_of_scripts_without_spaces_make_pairs_in_their_order() -> None:
    one, other = tokenise("青河市").character_pairs(), tokenise("市河青").character_pairs()
    assert len(one) == len(other) == 2
    assert set(one.tolist()).isdisjoint(other.tolist())
    assert len(tokenise("three plain words").character_pairs()) == 0


def test_a_korean_syllable_counts_for_two_letters_and_two_are_a_stem() -> None:
    tokens = tokenise("등대는 등대를")
    assert tokens.lengths.tolist() == [6, 6]
    assert tokens.stems[0] == tokens.stems[1]


def test_different_words_have_different_hashes() -> None:
    assert len(set(hashes(" ".join(f"word{n}" for n in range(5_000))))) == 5_000


def test_the_same_word_has_the_same_hash_wherever_it_stands() -> None:
    first, *_, last = hashes("Kyiv " + "x " * 500 + "Kyiv")
    assert first == last


def test_a_number_keeps_its_separators_and_loses_the_full_stop() -> None:
    tokens = tokenise("It rose 155,221 or 5.93. Then 7")
    assert tokens.lengths[tokens.numbers].tolist() == [7, 4, 1]


def test_names_are_capitalised_words_that_do_not_open_a_sentence() -> None:
    tokens = tokenise("Yesterday Lloyd Austin spoke. Then he left for Kyiv.")
    assert tokens.hashes[tokens.names].tolist() == hashes("lloyd austin kyiv")


def test_stems_join_forms_of_a_word() -> None:
    assert tokenise("shooting").stems.tolist() == tokenise("shoots").stems.tolist()


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Für Köln müßte die Straßenbahn zurück, ÄRGER", "Fuer Koeln muesste die Strassenbahn zurueck, AERGER"),
        ("de", "neue Bäuerin", "neue Baeuerin"),
        ("da", "Ålborg får færre øl", "Aalborg faar faerre oel"),
        ("sv", "Räddning på ön", "Raeddning paa oen"),
    ],
)
def test_marked_letters_may_be_written_as_two(language: str, one: str, other: str) -> None:
    assert tokenise(one, language).hashes.tolist() == tokenise(other, language).hashes.tolist()


@pytest.mark.parametrize("language", ["en", None])
def test_other_languages_keep_their_two_letters(language: str | None) -> None:
    assert tokenise("blue does", language).hashes.tolist() != tokenise("blu dos", language).hashes.tolist()


@pytest.mark.parametrize("text", ["東京都", "กขค", "ひらが"])
def test_scripts_without_spaces_give_one_word_for_each_character(text: str) -> None:
    assert len(tokenise(text)) == 3


@pytest.mark.parametrize("text", ["", "  \n ", "— … !", "😀😀"])
def test_text_without_words_has_no_tokens(text: str) -> None:
    assert len(tokenise(text)) == 0


def test_lone_surrogates_do_no_harm() -> None:
    assert len(tokenise("before \ud800 after")) == 2


def test_a_long_text_is_cut_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{number}" for number in range(200))
    whole = tokenise(text)
    monkeypatch.setattr(_tokens, "_SLICE", 64)
    parts = tokenise(text)
    assert parts.hashes.tolist() == whole.hashes.tolist()


def test_a_long_text_without_spaces_is_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tokens, "_SLICE", 64)
    assert len(tokenise("x" * 200)) == 4


@given(st.text(max_size=300))
def test_every_token_has_a_length_and_every_column_the_same_rows(text: str) -> None:
    tokens = tokenise(text)
    assert {len(tokens.stems), len(tokens.lengths), len(tokens.numbers), len(tokens.names)} == {len(tokens)}
    assert (tokens.lengths > 0).all()


@given(st.text(max_size=100), st.text(max_size=100))
def test_joining_two_texts_with_a_line_break_joins_their_words(one: str, other: str) -> None:
    assert hashes(f"{one}\n{other}") == hashes(one) + hashes(other)


@given(st.lists(st.integers(0, 50)))
def test_distinct_agrees_with_a_set(values: list[int]) -> None:
    assert distinct(np.array(values, dtype=np.uint64)).tolist() == sorted(set(values))


def test_mixing_loses_nothing() -> None:
    assert len(np.unique(mix(np.arange(10_000, dtype=np.uint64)))) == 10_000
