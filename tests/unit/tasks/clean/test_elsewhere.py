"""Bylines and leftovers in other languages."""

import pytest
from lxml.html import document_fromstring

from tasks.clean import find_story
from tasks.clean._authors import author_names
from tasks.clean._foreign_byline import foreign_byline, labelled_names
from tasks.clean._head import find_dateline
from tasks.clean._metadata import read_metadata

BYLINES = [
    ("Von Annegret Lütjens und Karl-Heinz von der Osten", ("Annegret Lütjens", "Karl-Heinz von der Osten")),
    ("Ein Gastbeitrag von Ina Roth", ("Ina Roth",)),
    (
        "Par Clémence Dufour-Perret, Yann Le Goff et Éric Blanc",
        ("Clémence Dufour-Perret", "Yann Le Goff", "Éric Blanc"),
    ),
    ("Por José Ortega y Gasset", ("José Ortega y Gasset",)),
    ("Por María Aguirre y Facundo Sosa", ("María Aguirre", "Facundo Sosa")),
    ("di Chiara De Santis", ("Chiara De Santis",)),
    ("a cura di Luca Neri", ("Luca Neri",)),
    ("Door Femke van den Bosch | 21 januari", ("Femke van den Bosch",)),
    ("Av Karin Ek och Åke Öberg", ("Karin Ek", "Åke Öberg")),
    ("Autor: Katarzyna Wiśniewska-Duda", ("Katarzyna Wiśniewska-Duda",)),
    ("Автор: Ольга Сафронова", ("Ольга Сафронова",)),
    ("Haber: Zeynep Kara", ("Zeynep Kara",)),
    ("كتبت: سعاد الجابري", ("سعاد الجابري",)),
    ("लेखक: कमला बिष्ट", ("कमला बिष्ट",)),
    ("记者：陈晓岚", ("陈晓岚",)),
]


@pytest.mark.parametrize(("line", "names"), BYLINES)
def test_reads_the_names_of_a_byline(line: str, names: tuple[str, ...]) -> None:
    assert foreign_byline(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "Von Sylt nach Rügen",
        "Von Berlin",
        "Par ailleurs, le maire a dit non",
        "Por qué no llueve en Rosario",
        "Di Maria segna ancora",
        "En Marche",
        "Text: 2026",
        "Von der Leyen reist nach Kiew und spricht mit Selenskyj über Hilfe",
        "Por " + "Ana Roe, " * 40,
    ],
)
def test_other_lines_are_no_bylines(line: str) -> None:
    assert foreign_byline(line) == ()


PARAGRAPHS = [
    "Die Werft hat am Dienstag den ersten Kiel seit vier Jahren gelegt, und 640 Menschen sollen dort arbeiten.",
    "Das Land hat für den Auftrag gebürgt, und ein zweiter aus Norwegen sei so gut wie sicher, hieß es dort.",
    "Die Opposition fragt im Landtag, was nach dem einen Schiff kommen soll, und bekommt immer dieselbe Antwort.",
]


def around(head: str, tail: str) -> str:
    return "\n\n".join(filter(None, [head, *PARAGRAPHS, tail]))


def test_a_byline_above_a_text_is_its_author_and_no_part_of_it() -> None:
    story = find_story(around("Von Anna Roth und Karl von der Au", ""), "Ein Titel")
    assert story.text == around("", "")
    assert story.authors == ("Anna Roth", "Karl von der Au")
    assert story.byline == "Von Anna Roth und Karl von der Au"


@pytest.mark.parametrize(
    "line",
    [
        "Anzeige", "REKLAM", "Publicité", "विज्ञापन", "広告", "إعلان",
        "İlginizi çekebilir: Dalgıçlar batık buldu", "Mehr zum Thema: Kölns älteste Bäume", "यह भी पढ़ें: हाईवे बंद",
        "Quelle: dpa", "(mit dpa)", "（责任编辑：王敏）", "© RIPRODUZIONE RISERVATA", "Alle Rechte vorbehalten",
        "Obserwuj nas w Google News", "Подписывайтесь на наш канал в Telegram",
        "Iscriviti alla newsletter per ricevere le notizie",
        "Haberlerden haberdar olmak için WhatsApp kanalımıza abone olun.", "हमारे व्हाट्सएप चैनल से जुड़ें",
        "Stand: 18.03.2026, 06:04 Uhr | Lesezeit: 3 Minuten", "14 kwietnia 2026, 08:55", "2026年4月8日 11時00分",
        "Publié le 10 février 2026 à 17h45", "- シェア", "Теги: Чемал, Катунь",
        "この記事は有料記事です。残り0文字", "11 de Maio de 2026, 9:32 actualizado às 14:05",
        "Heb je een tip? Mail de redactie: regio@maasbode.example",
    ],
)  # fmt: skip
def test_takes_leftovers_of_other_languages(line: str) -> None:
    assert find_story(around("", line), "Ein Titel").text == around("", "")


@pytest.mark.parametrize(
    "line",
    [
        "Die Anzeige wurde am Montag erstattet.",
        "Der Stand der Dinge ist unklar.",
        "Mehr zu sagen, sei nicht nötig.",
        "Volg ons niet, riep hij.",
        "Reklam verenler bekliyor.",
    ],
)
def test_sentences_with_the_same_words_stay(line: str) -> None:
    assert line in find_story(around("", line), "Ein Titel").text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ROSARIO.- El puente que une Rosario con Victoria amaneció cerrado.", "ROSARIO"),
        ("BUENOS AIRES, 3 mar. – El gobierno anunció medidas.", "BUENOS AIRES"),
        ("SAN JUAN.— Un temblor despertó a la ciudad.", "SAN JUAN"),
        ("Rosario.- El puente", None),
    ],
)
def test_reads_the_dateline_of_spanish_papers(text: str, place: str | None) -> None:
    found = find_dateline(text)
    assert (found and found.place) == place


def test_a_list_of_other_stories_goes_with_its_heading() -> None:
    story = find_story(around("", "関連ニュース\n\n離島の診療所に看護師が着任"), "Ein Titel")
    assert story.text == around("", "")


def test_reads_an_author_below_the_headline_whose_line_the_text_lacks() -> None:
    page = f"<h1>Ein Titel mit vier Worten</h1><div>Von Anna Roth</div><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
    assert read_metadata(document_fromstring(f"<body>{page}</body>"), None).authors == ("Anna Roth",)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("松浦 恵", "松浦 恵"),
        ("Eleni Markou in Vienna", "Eleni Markou"),
        ("By ROXANNE DELACROIX", "Roxanne Delacroix"),
        ("por Ana Soto", "Ana Soto"),
    ],
)
def test_authors_are_names_alone(value: str, name: str) -> None:
    assert author_names([value], ()) == (name,)


@pytest.mark.parametrize("heading", ["Kommentare (27)", "12 Commentaires", "Комментарии (3)"])
def test_readers_comments_go_with_a_heading_that_counts_them(heading: str) -> None:
    comment = "Herrlich, drei Stunden über einen Baum, und die Brücke bröckelt weiter vor sich hin."
    assert find_story(around("", f"{heading}\n\n{comment}"), "Ein Titel").text == around("", "")


def test_a_heading_of_the_same_word_that_counts_nothing_stays() -> None:
    assert find_story(around("", "Kommentare aus Schwerin"), "Ein Titel").text == around("", "Kommentare aus Schwerin")


def test_a_caption_above_the_story_goes() -> None:
    caption = "Die Platane am Ufer am Montag. Foto: Sandra Klee"
    assert find_story(around(caption, ""), "Ein Titel").text == around("", "")


@pytest.mark.parametrize("place", ["head", "tail"])
def test_a_paragraph_that_ends_with_a_credit_stays(place: str) -> None:
    line = f"{PARAGRAPHS[0]} Foto: Sandra Klee"
    head, tail = (line, "") if place == "head" else ("", line)
    assert line in find_story(around(head, tail), "Ein Titel").text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("2026-04-16 09:18 来源：闽江报 记者：陈晓岚", ("陈晓岚",)),
        ("18.03.2026 | Text: Anna Roth", ("Anna Roth",)),
        ("Im Kontext: keiner", ()),
        ("2026-04-16 09:18", ()),
    ],
)
def test_reads_the_names_behind_a_label_within_a_line_of_facts(line: str, names: tuple[str, ...]) -> None:
    assert labelled_names(line) == names
