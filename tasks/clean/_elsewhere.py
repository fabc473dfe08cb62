"""Bylines and leftovers in other languages than English.

The lists hold what outlets of a language write everywhere; no corpus was tuned on. They take whole lines only, and
bylines only where every name in them is written like one.
"""

import re
from typing import Final

from tasks.clean._rules import Rules, closing, lines, section
from tasks.clean._views import Where

_BY_WORD = re.compile(
    r"(?:(?:ein|eine)\s\w{4,15}\s|text\s|texte\s|texto\s|tekst\s|testo\s|foto\sund\stext\s)?(?:von|par|por|di|door|av|af)\s"
    r"|(?:écrit|propos\srecueillis|escrito|publicado|redactado|publié)\s(?:par|por)\s|a\scura\sdi\s|oleh:?\s|γράφει\s[οη]\s|מאת:?\s",
    re.IGNORECASE,
)
"""Words for "by": what follows must be whole names, and nothing else."""
_BY_LABEL = re.compile(
    r"(?:autor(?:in|en|ka|ki|a|es|as|zy)?|auteure?s?|autor[ei]|redact(?:eur|or)|verfasser(?:in)?|skribent|tekst|text|kirjoittaja"
    r"|opr(?:acował[a]?)?\.?|haber|yazan|yazar|muhabir|írta|szerző|penulis|tác\sgiả|автор[ыи]?|текст|συντάκτης"
    r"|كتبت?|بقلم|إعداد|نویسنده|कॉपी|लेखक|रिपोर्ट(?:र)?|记者|記者|作者|撰文|文|기자)\s?[:：／]\s?",
    re.IGNORECASE,
)
_LABEL_WITHIN = re.compile(rf"(?<=\s){_BY_LABEL.pattern}", re.IGNORECASE)
_AND: Final = r"(?:und|et|y|e|en|och|og|ja|i|a|и|й|та|ve|και|és|și|dan|và|u|और|و)"
_BETWEEN = re.compile(rf",\s|\s{_AND}\s|\s?[、;&·]\s?|\sو(?=\w)", re.IGNORECASE)
_LISTED = re.compile(r",\s|\s?[、;&·]\s?")
_BEHIND = re.compile(r"\s[|•–—/-]\s|\s?[(|]|,?\s\d|\s{3,}")
"""What ends the names: a place, a role, a time."""
_EDGES = " ,.;:"
_NAME_WORDS = range(1, 6)
_MAX_NAMES = 6
_BYLINE_CHARS = 160
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "dem",
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "la",
        "le",
        "las",
        "los",
        "y",
        "e",
        "i",
        "af",
        "av",
        "ten",
        "ter",
    ]
)


def foreign_byline(text: str) -> tuple[str, ...]:
    """The names in a line like "Von Anna Roth und Karl von der Au" or "Автор: Ольга Сафронова"; empty if it is none.

    >>> foreign_byline("Par Clémence Dufour-Perret et Yann Le Goff")
    ('Clémence Dufour-Perret', 'Yann Le Goff')
    >>> foreign_byline("Von Sylt nach Rügen")
    ()
    """
    if len(text) > _BYLINE_CHARS:
        return ()
    label = _BY_LABEL.match(text)
    match = label or _BY_WORD.match(text)
    if match is None:
        return ()
    rest = _BEHIND.split(text[match.end() :], maxsplit=1)[0].strip(_EDGES)
    for between in (_BETWEEN, _LISTED):  # José Ortega y Gasset is one
        names = tuple(name.strip(_EDGES) for name in between.split(rest))
        if len(names) <= _MAX_NAMES and all(_is_name(name, at_least=1 if label else 2) for name in names):
            return names
    return ()


def labelled_names(text: str) -> tuple[str, ...]:
    """The names behind a label within a line of facts: "2026-04-16 09:18 来源：闽江报 记者：陈晓岚"."""
    found = (foreign_byline(text[match.start() :]) for match in _LABEL_WITHIN.finditer(text[:_BYLINE_CHARS]))
    return next(filter(None, found), ())


def _is_name(name: str, at_least: int) -> bool:
    """Whether words are written like a name: with capitals but for short particles, or in a script without them."""
    words = name.split()
    if not max(at_least, _NAME_WORDS.start) <= len(words) < _NAME_WORDS.stop:
        return not any(map(str.isascii, words)) and len(words) == 1 and not name.isdigit()
    is_written = [word[0].isupper() or (word[0].isalpha() and word == word.upper() == word.lower()) for word in words]
    particles = [word for word, written in zip(words[1:-1], is_written[1:-1], strict=True) if not written]
    return is_written[0] and is_written[-1] and _PARTICLES.issuperset(particles)


_CHANNEL = (
    r"(?:newsletters?|news\sletter|e-?mail|mail|inbox|telegram\w*|whatsapp\w*|viber|facebook|instagram|twitter|youtube|google\s(?:news|noticias|notícias)"
    r"|push|podcasts?|app|канал\w*|рассылк\w*|телеграм\w*|дзен\w*|تلغرام|تليجرام|واتساب|فيسبوك|تويتر|व्हाट्सएप|टेलीग्राम|फेसबुक|यूट्यूब|微信|微博|公众号|bülten\w*|kanal\w*)"
)
_FOLLOW = (
    r"(?:abonnieren\ssie|melden\ssie\ssich|folgen\ssie|bleiben\ssie|jetzt\sabonnieren|abonnez-vous|inscrivez-vous|suivez|recevez|retrouvez"
    r"|suscr[ií]b\w+|síg[au]\w+|seguinos|sigue\w*|recib[eaií]\w*|subscreva|assine|siga|receba|inscreva-se|iscriviti|seguici|ricevi"
    r"|schrijf\s(?:je|u)|volg\sons|meld\s(?:je|u)|abonneer|ontvang|prenumerera|följ|følg|seuraa|obserwuj|zapisz\ssię|subskrybuj|dołącz"
    r"|sledujte|odebírejte|подписывайтесь|подпишитесь|читайте\sнас|следите|підписуйтесь|ακολουθήστε|abone\solun?|takip\sedin|bizi\stakip"
    r"|تابعونا|اشترك\w*|انضم\w*|ताज़ा\sखबरों|हमारे|जुड़ें|关注|扫码|ikuti|gabung|theo\sdõi)"
)
_READ_ELSEWHERE = (
    r"mehr\szum\sthema|auch\sinteressant|lesetipp|sur\sle\smême\ssujet|à\sdécouvrir|mir[áa]\stambién|más\sinformación|vea\stambién"
    r"|veja\stambém|saiba\smais|guarda\sanche|approfondisci|läs\säven|lue\smyös|čtěte\s(?:také|dále)|přečtěte\ssi|διαβάστε\s(?:επίσης|ακόμ[αη])"
    r"|(?:ezt\sis\s)?olvassa\sel|kapcsolódó|citește\s(?:și|mai\smult)|(?:bunlar\sda\s)?i\u0307?lginizi\sçekebilir|ayrıca\sokuyun|baca\sjuga|xem\sthêm"
    r"|اقرأ?\s(?:أيضا|ايضا|أيضاً|المزيد)|اقرأ\sأيضًا|شاهد\sأيضا|(?:بیشتر|همچنین)\sبخوانید|(?:קראו|ראו)\sגם|(?:यह|ये|इसे)\sभी\sपढ़ें|(?:相关|延伸|推荐)阅读|相关新闻"
    r"|(?:あわせて読みたい|関連(?:記事|ニュース))|관련\s?기사"
)
_HEADINGS = (
    rf"(?:das\skönnte\ssie\sauch\sinteressieren|mehr\s(?:aus|zu|von)\s[^.,!?]{{2,30}}|meistgelesen(?:e\sartikel)?|les\splus\slus|à\slire\saussi|dans\sla\smême\srubrique"
    rf"|(?:lo\s)?más\sle[íi]d[oa]s?|noticias\srelacionadas|te\spuede\sinteresar|(?:as\s)?mais\slidas|notícias\srelacionadas|i\spiù\sletti|articoli\scorrelati"
    rf"|meer\s(?:nieuws|over)(?:\s[^.,!?]{{2,30}})?|meest\sgelezen|mest\släst[ae]?|mest\slest[e]?|najczęściej\sczytane|polecane|zobacz\s(?:także|też)|nejčtenější|читаемое|самое\sчитаемое"
    rf"|материалы\sпо\sтеме|по\sтеме|çok\sokunanlar|ilgili\shaberler|الأكثر\sقراءة|مواضيع\sذات\sصلة|人気記事|熱門|热门|많이\s본\s뉴스|{_READ_ELSEWHERE})\s?:?"
)
_CLOCK = r"(?:\s?(?:[|,•·–-]|à|às|alle|um|kl\.?|klo|o|at|в)?\s?\d{1,2}\s?[:.h時]\s?\d{2}(?:\s?(?:uhr|h|분|分))?)"
_DAY = rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{1,2}}\.?º?\s(?:de\s)?[^\W\d_]{{3,12}}\.?\s(?:de\s)?\d{{4}}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日){_CLOCK}?"  # noqa: E501
_STAMP = (
    r"(?:stand|veröffentlicht|aktualisiert|erstellt|publié|modifié|mis\sà\sjour|publicado|actualizado|atualizado|actualizada|pubblicato|aggiornato|gepubliceerd"
    r"|bijgewerkt|publicerad|uppdaterad|publisert|opdateret|julkaistu|päivitetty|opublikowano|aktualizacja|data\sdodania|publikováno|опубликовано|обновлено|güncelle[nm]\w*|yayın\w*"
    r"|تم\sالنشر|نشر\sفي|प्रकाशित|अपडेटेड|发布时间|更新时间|公開日?|更新日?)"
)
_READING = r"(?:lesezeit|lesedauer|temps\sde\slecture|tempo\sde\sleitura|tiempo\sde\slectura|tempo\sdi\slettura|leestijd|lästid|lesetid|czas\sczytania|время\sчтения)"  # noqa: E501

_COMMENTS = (
    r"(?:kommentare|kommentarer|commentaires|comentarios|comentários|commenti|reacties|komentarze|komentáře"
    r"|комментарии|коментарі|yorumlar|σχόλια|تعليقات|评论|コメント|댓글)"
)

ELSEWHERE: Rules = (
    closing("comments_elsewhere", rf"{_COMMENTS}\s?[:：]?\s?[\[(（]?\d+[\])）]?|\d+\s{_COMMENTS}"),
    lines(
        "advertisement_elsewhere",
        r"[-–—\s]*(?:anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|annons|annonse|mainos|reklam[aey]?|реклама|διαφήμιση|hirdetés|publicitate"
        r"|إعلان(?:ات)?|الإعلان|تبلیغات|פרסומת|विज्ञापन|广告|廣告|広告|광고|iklan|quảng\scáo)[-–—\s]*",
        max_chars=30,
    ),
    section("related_elsewhere", _HEADINGS),
    lines("read_more_elsewhere", rf"[\[(▶►➤→-]*\s?(?:{_READ_ELSEWHERE})\s?[:：|»>].{{1,250}}", whole=True),
    lines(
        "follow_us_elsewhere",
        rf"{_FOLLOW}\b.{{0,120}}\b{_CHANNEL}.{{0,120}}|.{{0,80}}\b{_CHANNEL}.{{0,60}}(?:abone\solun?|takip\sedin|जुड़ें|जुड़िए|फॉलो\sकरें)\s?[.!।]?",
        rf"(?:{_FOLLOW}\s)?(?:hier\s)?(?:unseren\s)?(?:kostenlosen\s)?newsletter.{{0,40}}",
        max_chars=240,
        whole=True,
    ),
    lines(
        "share_bar_elsewhere",
        r"[-•\s]*(?:partager(?:\s(?:sur|par|via|l’article|cet\sarticle)\b.{0,20})?|compart(?:ir|e|ilhar?)|condividi|teilen|delen|dela|del|udostępnij|поделиться|paylaş|شارك|साझा\sकरें|शेयर\sकरें"
        r"|シェア(?:する)?|ツイート(?:する)?|ポスト|共有|はてなブックマーク|分享到?\s?[:：]?.{0,20}|공유하기|envoyer\spar\se-?mail|artikel\steilen|enviar\spor\scorreo)",
        max_chars=60,
    ),
    lines(
        "photo_caption_elsewhere",
        r"(?=(?:\S+\s){3,14}\S+$).{10,120}[.!?]\s(?:fotos?|photo|bild|фото|zdjęcie|fot\.)\s?[:：©]\s?[^.!?:]{3,60}",
        where=Where.HEAD,
        max_chars=160,
        whole=True,
    ),
    lines(
        "contact_prompt_elsewhere",
        r".{0,80}\b(?:redactie|redaktion|redaktionen|redacción|rédaction|redação|redazione|redakcj[aięą]|redakc[ei]|редакци[яюи]|редакцію|toimitus)\b.{0,40}?[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        where=Where.EDGES,
        max_chars=160,
        whole=True,
    ),
    lines(
        "origin_note_elsewhere",
        r"(?:quellen?|sources?|fuente|fonte|bron|źródło|zdroj|источник|kaynak|المصدر|स्रोत|来源)\s?[:：]\s?.{1,40}",
        r"\((?:mit\s|avec\s|con\s|com\s|met\s)?(?:dpa|afp|ap|rtr|reuters|efe|ansa|pap|anp|belga|lusa|sda|apa|tass|тасс|интерфакс|aa|xinhua)(?:\s?[/,]\s?[\w-]{2,12}){0,4}\)",
        r"[（(]?(?:责任编辑|責任編輯|编辑|校对)\s?[:：].{1,20}[）)]?",
        where=Where.EDGES,
        max_chars=60,
    ),
    lines(
        "copyright_elsewhere",
        r"©?\s?(?:riproduzione\sriservata|reproduction\sinterdite|alle\srechte\svorbehalten|todos\slos\sderechos\sreservados|todos\sos\sdireitos\sreservados|wszelkie\sprawa\szastrzeżone|все\sправа\sзащищены|tüm\shakları\ssaklıdır|جميع\sالحقوق\sمحفوظة|版权所有.{0,30}|無断転載.{0,20})\.?",
    ),
    lines(
        "support_plea_elsewhere",
        r"この記事は(?:有料|会員)(?:会員)?(?:記事|限定)(?:です)?。?.{0,60}|残り\d+文字.{0,40}|il\svous\sreste\s[\d.,]+\s?%.{0,80}|(?:cet|la\ssuite\sde\scet|la\ssuite\sest)\sarticle?\s?.{0,20}réservée?\saux\sabonnés\.?"
        r"|(?:este|esta)\s(?:contenido|artículo|artigo|conteúdo)\s(?:es|é)\sexclusiv[oa]\spar?a\s.{3,40}|(?:dieser\sartikel\sist|jetzt\sweiterlesen)\b.{0,80}|questo\scontenuto\sè\sriservato\b.{0,40}",
    ),
    lines(
        "time_stamp_elsewhere",
        rf"(?:{_STAMP}\s?:?\s(?:(?:am|le|il|op|em|el|den|dnia|o)\s)?)?{_DAY}(?:[\s|,•·–-]+(?:{_STAMP}\s?:?\s)?(?:le\s)?{_DAY})?(?:[\s|,•·–-]+{_READING}\s?:?\s?.{{1,15}})?",
        rf"{_DAY}[\s|,•·–-]+{_STAMP}\s?:?\s(?:(?:le|às|a\slas|alle|um|kl\.?|om|o)\s)?\d{{1,2}}\s?[:.h]\s?\d{{2}}(?:\s?(?:uhr|h))?",
        rf"{_READING}\s?:?\s?.{{1,20}}|\d+\s?(?:min(?:uti|uten|utos|utes)?\.?)\s(?:di\slettura|lesezeit|de\slecture|de\slectura|de\sleitura|leestijd|read)",
        rf"{_DAY}\s(?:来源|來源|出处)\s?[:：].{{1,40}}",
        max_chars=140,
    ),
    lines(
        "tags_elsewhere",
        r"(?:schlagw[oö]rter?|themen|mots-clés|sur\sle\smême\sthème|temas|etiquetas|palabras\sclave|palavras-chave|tag|argomenti|trefwoorden|etykiety|tagi|теги|метки|etiketler|كلمات\sمفتاحية|标签|キーワード|태그)\s?[:：].{1,300}",
        where=Where.TAIL,
    ),
)  # fmt: skip
"""The rules, applied after those for English; each is named after the English rule of its kind."""
