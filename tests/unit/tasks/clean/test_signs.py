"""What lines show of themselves in any language."""

import pytest

from tasks.clean._phrases import Kind, read_table
from tasks.clean._signs import Sign, signed, signs_of

LANGUAGES = [name for name, kinds in read_table().items() if isinstance(kinds, dict)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_the_same_kinds(language: str) -> None:
    assert list(read_table()[language]) == [kind.value for kind in Kind]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_phrase_of_each_kind_is_known_by_its_sign(language: str) -> None:
    told = read_table()[language]
    assert Sign.ADVERTISEMENT in signs_of(told["advertisement"][0].upper())
    assert Sign.OTHERS_LINK in signs_of(f"{told['read_also'][0]}: Lorem ipsum dolor sit amet")
    assert Sign.OTHERS_HEADING in signs_of(told["read_also"][0])
    assert Sign.SHARE in signs_of(f"{told['share'][0]}:")
    assert Sign.COMMENTS in signs_of(f"{told['comments'][0]} (12)")
    assert Sign.CREDIT in signs_of(f"({told['photo'][0]}: Lorem Ipsum)")
    assert Sign.SOURCE in signs_of(f"{told['source'][0]}: Lorem")
    assert Sign.TIMED in signs_of(f"{told['published'][0]}: 2026-01-14 05:30")
    assert Sign.TAGS in signs_of(f"{told['tags'][0]}: Lorem, Ipsum")


@pytest.mark.parametrize(
    ("sign", "line"),
    [
        (Sign.FOLLOW, "Ha tetszett a cikk, kövess minket a Facebookon is!"),
        (Sign.FOLLOW, "Підписуйтесь на наш Telegram-канал, щоб дізнаватися першими"),
        (Sign.FOLLOW, "关注我们的微信公众号"),
        (Sign.FOLLOW, "Tilaa uutiskirje"),
        (Sign.OTHERS_LINK, "PROČITAJTE JOŠ Ovce na pisti odgodile let"),
        (Sign.OTHERS_LINK, "Olvasta már? Újra jár a tiszaugi komp"),
        (Sign.CAPTION, "Die Platane am Rheinufer am Montagabend. Foto: Sandra Klee"),
        (Sign.CAPTION, "춘천 막국수집의 새 메뉴판. 사진=김서연 기자"),
        (Sign.COMMENTS, "12 Commentaires"),
        (Sign.SOURCE, "*Con información de corresponsales"),
        (Sign.RIGHTS, "ⓒ 한강일보, 무단 전재 및 재배포 금지"),
        (Sign.MISTAKE, "Huomasitko virheen? Kerro siitä toimitukselle"),
        (Sign.WALL, "この記事は有料記事です。"),
        (Sign.CONTACT, "김서연 기자 sykim@hangang.example"),
        (Sign.STAMP, "Thứ Hai, 09/02/2026 06:15 (GMT+7)"),
    ],
)
def test_a_line_shows_what_it_is(sign: Sign, line: str) -> None:
    assert sign in signs_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "Mehr zu sagen, sei nicht nötig.",
        "Foto und Film waren im Saal verboten, sagte der Richter am Montag.",
        "Del presupuesto no se habló en toda la reunión.",
        "Rep. Ilhan Omar speaks at the Capitol on July 25, 2019. J. Scott Applewhite / AP file",
        "Kommentare aus Schwerin",
        "De Gaulle hatte andere Pläne.",
    ],
)
def test_a_sentence_of_the_story_shows_nothing(line: str) -> None:
    assert signs_of(line) == frozenset()


def test_an_author_beside_little_else_is_a_signature() -> None:
    assert signed("Päivi LehtorantaPäivitetty 12.3.2026 9:15", ["Päivi Lehtoranta"])
    assert signed("김서연 기자 sykim@hangang.example", ["김서연"])
    assert not signed("Jane Doe said on Monday that the bridge stays closed", ["Jane Doe"])
