import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.charset import decode

GERMAN = "<p>Die Brücke über den Fluß wurde am Montag für längere Zeit gesperrt, „bis auf weiteres“ – so die Stadt.</p>"
RUSSIAN = "<p>Мост через реку был закрыт в понедельник после проверки, сообщили в мэрии города.</p>"
POLISH = "<p>Most został zamknięty w poniedziałek, ponieważ inżynierowie znaleźli pęknięcia; ruch wstrzymany.</p>"
TURKISH = "<p>Köprü pazartesi günü kapatıldı; belediye başkanı çalışmaların süreceğini söyledi. Işıklar söndü.</p>"
GREEK = "<p>Η γέφυρα έκλεισε τη Δευτέρα μετά από έλεγχο, ανακοίνωσε ο δήμος της πόλης.</p>"
JAPANESE = "<p>川に架かる橋は月曜日、検査の結果ひびが見つかったため閉鎖された。市は再開の時期を明らかにしていない。</p>"
CHINESE = "<p>市政府表示，由于检查中发现裂缝，跨河大桥于星期一关闭，何时重新开放尚不清楚。</p>"
KOREAN = "<p>점검에서 균열이 발견되어 강을 가로지르는 다리가 월요일에 폐쇄되었다고 시가 밝혔다.</p>"

WRITTEN = [
    (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (POLISH, "cp1250"), (POLISH, "iso8859-2"),
    (TURKISH, "cp1254"), (GREEK, "cp1253"), (JAPANESE, "cp932"), (JAPANESE, "euc_jp"), (CHINESE, "gb18030"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "charset"), WRITTEN)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1251"])
def test_reads_a_page_whatever_is_declared(page: str, charset: str, declared: str | None) -> None:
    assert decode(page.encode(charset), declared).text == page


@pytest.mark.parametrize("page", [GERMAN, RUSSIAN, POLISH, TURKISH, GREEK, JAPANESE, CHINESE, KOREAN])
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "utf-8", "no-such-charset", "base64", ""])
def test_what_is_utf_8_is_read_as_utf_8(page: str, declared: str | None) -> None:
    assert decode(page.encode(), declared) == (page, "utf-8")


@pytest.mark.parametrize(("lang", "charset"), [("ko", "cp949"), ("de", "cp1252"), ("ru", "koi8-r"), ("zh", "gb18030")])
def test_the_language_of_the_page_is_evidence(lang: str, charset: str) -> None:
    page = f"<html lang={lang}>" + {"ko": KOREAN, "de": GERMAN, "ru": RUSSIAN, "zh": CHINESE}[lang]
    assert decode(page.encode(charset)).text == page


def test_what_the_page_declares_is_evidence() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">{KOREAN}'
    assert decode(page.encode("cp949")).text == page


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "utf-16-le", "utf-16-be", "iso2022_jp"])
def test_marks_zeros_and_escapes_say_what_a_page_is_written_in(charset: str) -> None:
    page = f"<html><body>{'<p>bridge</p>' * 20}{JAPANESE}</body></html>"
    assert decode(page.encode(charset), "iso-8859-1").text == page


def test_the_euro_sign_of_latin_9_is_one() -> None:
    page = "<p>Die Brücke kostet 5 Millionen € für den Bau.</p>"
    assert decode(page.encode("iso8859-15"), "iso-8859-1").text == page


def test_bytes_of_no_charset_are_read_with_replacement() -> None:
    assert "bridge" in decode(b"the \xff\xfe\x81 bridge \x8d is closed").text


def test_a_wrong_declaration_is_told() -> None:
    assert decode(RUSSIAN.encode("cp1251"), "utf-8").contradicts("utf-8")
    assert not decode(RUSSIAN.encode("cp1251"), "windows-1251").contradicts("windows-1251")
    assert not decode(b"<p>plain</p>", "iso-8859-1").contradicts("iso-8859-1")


def test_a_long_page_without_a_tag_costs_no_more_than_its_length() -> None:
    assert decode(b"a" * 2_000_000 + "ü".encode("cp1252") + b"b" * 2_000_000).text[2_000_000] == "ü"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_can_be_decoded(data: bytes) -> None:
    assert isinstance(decode(data).text, str)
