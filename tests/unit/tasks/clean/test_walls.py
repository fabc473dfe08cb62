# ruff: noqa: E501 - sentences of other languages stay whole
"""Teasers and whole articles of fifteen languages and more, notices about cookies, and what a page's data says."""

import json

import pytest

from schemas import CleanText, Submission
from tasks.clean._cleaning import clean
from tasks.clean._signs import is_consent

STORIES = {
    "de": "Der Stadtrat hat am Montag beschlossen, die alte Brücke über die Elbe bis zum Herbst zu sperren. Fachleute hatten zuvor Risse in zwei Pfeilern gefunden.",
    "fr": "Le conseil municipal a décidé lundi de fermer le vieux pont sur la Loire jusqu'à l'automne. Des experts avaient trouvé des fissures dans deux piliers.",
    "es": "El ayuntamiento decidió el lunes cerrar el viejo puente sobre el Ebro hasta el otoño. Los expertos habían encontrado grietas en dos de los pilares.",
    "it": "Il consiglio comunale ha deciso lunedì di chiudere il vecchio ponte sull'Arno fino all'autunno. Gli esperti avevano trovato crepe in due dei piloni.",
    "pt": "A câmara municipal decidiu na segunda-feira fechar a velha ponte sobre o Douro até o outono. Os peritos tinham encontrado fendas em dois dos pilares.",
    "nl": "De gemeenteraad heeft maandag besloten de oude brug over de Maas tot de herfst te sluiten. Deskundigen hadden eerder scheuren in twee pijlers gevonden.",
    "sv": "Kommunfullmäktige beslutade på måndagen att stänga den gamla bron över älven till hösten. Experter hade tidigare hittat sprickor i två av pelarna.",
    "da": "Byrådet besluttede mandag at lukke den gamle bro over åen indtil efteråret. Eksperter havde tidligere fundet revner i to af broens piller.",
    "no": "Kommunestyret vedtok mandag å stenge den gamle broen over elva til høsten. Eksperter hadde tidligere funnet sprekker i to av pilarene.",
    "fi": "Kaupunginvaltuusto päätti maanantaina sulkea joen ylittävän vanhan sillan syksyyn asti. Asiantuntijat olivat löytäneet halkeamia kahdesta pilarista.",
    "pl": "Rada miasta zdecydowała w poniedziałek o zamknięciu starego mostu na Wiśle do jesieni. Eksperci znaleźli wcześniej pęknięcia w dwóch filarach.",
    "cs": "Zastupitelstvo v pondělí rozhodlo, že starý most přes Labe bude do podzimu uzavřen. Odborníci předtím našli trhliny ve dvou pilířích.",
    "hu": "A városi tanács hétfőn úgy döntött, hogy őszig lezárja a Tisza régi hídját. A szakértők korábban repedéseket találtak két pilléren is.",
    "ro": "Consiliul local a decis luni să închidă până la toamnă vechiul pod de peste Mureș. Experții găsiseră mai devreme fisuri în doi dintre piloni.",
    "ru": "Городской совет в понедельник решил закрыть старый мост через Волгу до осени. Специалисты ранее нашли трещины в двух опорах моста.",
    "uk": "Міська рада в понеділок вирішила закрити старий міст через Дніпро до осені. Фахівці раніше знайшли тріщини у двох опорах моста.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε τη Δευτέρα να κλείσει την παλιά γέφυρα ως το φθινόπωρο. Οι ειδικοί είχαν βρει ρωγμές σε δύο κολόνες.",
    "tr": "Belediye meclisi pazartesi günü nehrin üzerindeki eski köprüyü sonbahara kadar kapatma kararı aldı. Uzmanlar daha önce iki ayakta çatlak bulmuştu.",
    "id": "Dewan kota pada hari Senin memutuskan menutup jembatan lama di atas sungai itu sampai musim gugur. Para ahli sebelumnya menemukan retakan di dua tiang.",
    "ja": "市議会は月曜日、川にかかる古い橋を秋まで閉鎖することを決めた。専門家はこれより先に、二本の橋脚にひびを見つけていた。",
    "zh": "市议会星期一决定，将河上的旧桥关闭到秋天。专家此前在两座桥墩上发现了裂缝，居民需要绕行数公里。",
    "ko": "시의회는 월요일 강 위의 오래된 다리를 가을까지 폐쇄하기로 결정했다. 전문가들은 앞서 두 개의 교각에서 균열을 발견했다.",
    "ar": "قرر مجلس المدينة يوم الاثنين إغلاق الجسر القديم فوق النهر حتى الخريف. وكان الخبراء قد وجدوا من قبل شقوقا في اثنين من أعمدته.",
    "he": "מועצת העיר החליטה ביום שני לסגור את הגשר הישן מעל הנהר עד הסתיו. מומחים מצאו קודם לכן סדקים בשניים מעמודי הגשר.",
}  # fmt: skip
WALLS = {
    "de": ["Um weiterzulesen, registrieren Sie sich jetzt kostenlos.", "Melden Sie sich an, um diesen Artikel zu lesen.", "Dieser Artikel ist exklusiv für Abonnenten."],
    "fr": ["Abonnez-vous pour lire la suite", "Cet article est réservé aux abonnés.", "Lisez l'article complet sur lagazette.example"],
    "es": ["Inicie sesión para continuar leyendo", "Este contenido es exclusivo para suscriptores", "Lea el artículo completo en El Diario del Puente"],
    "it": ["Abbonati per continuare a leggere", "Questo articolo è riservato agli abbonati", "Per continuare la lettura, registrati gratis"],
    "pt": ["Assine já para continuar a ler", "Este conteúdo é exclusivo para assinantes.", "Leia a matéria completa no site do jornal"],
    "nl": ["Neem een abonnement om verder te lezen", "Dit artikel is exclusief voor abonnees", "Wilt u verder lezen? Log in of registreer"],
    "sv": ["Logga in för att läsa vidare", "Den här artikeln är för prenumeranter.", "Vill du läsa hela artikeln?"],
    "da": ["Log ind for at læse videre", "Denne artikel er kun for abonnenter"],
    "no": ["Logg inn for å lese hele saken", "Denne saken er for abonnenter."],
    "fi": ["Kirjaudu sisään jatkaaksesi lukemista", "Tämä artikkeli on tilaajille"],
    "pl": ["Zaloguj się, aby czytać dalej", "Ten artykuł jest dla prenumeratorów.", "Aby przeczytać cały tekst, kup dostęp"],
    "cs": ["Přihlaste se a pokračujte ve čtení", "Tento článek je pouze pro předplatitele"],
    "hu": ["A teljes cikk elolvasásához jelentkezzen be", "Ez a cikk előfizetőknek szól"],
    "ro": ["Autentifică-te pentru a citi mai departe", "Articol exclusiv pentru abonați"],
    "ru": ["Войдите, чтобы читать дальше", "Материал доступен только подписчикам", "Читайте полностью на сайте газеты"],
    "uk": ["Увійдіть, щоб читати далі", "Матеріал доступний передплатникам"],
    "el": ["Συνδεθείτε για να συνεχίσετε την ανάγνωση", "Αποκλειστικά για συνδρομητές"],
    "tr": ["Haberin tamamını okumak için giriş yapın", "Bu içerik abonelere özeldir"],
    "id": ["Silakan masuk untuk melanjutkan membaca", "Artikel ini khusus pelanggan"],
    "ja": ["続きを読むにはログインしてください", "この記事は有料会員限定です", "ログインして全文をお読みください"],
    "zh": ["登录后继续阅读", "会员专享"],
    "ko": ["계속 읽으려면 로그인하세요", "이 기사는 유료 회원 전용입니다"],
    "ar": ["سجل الدخول لمتابعة القراءة", "هذا المقال للمشتركين فقط"],
    "he": ["התחברו כדי להמשיך לקרוא", "הכתבה למנויים בלבד"],
}  # fmt: skip
ENDS_OF_WHOLE_STORIES = {
    "de": ["Die Zeitung verlangt nun Geld; viele Texte sind nur für Abonnenten zu lesen, sagte der Verleger am Montag.", "Das Angebot gilt nur für Abonnenten.", "Melden Sie sich an, um zu kommentieren."],
    "fr": ["Le journal réserve désormais la moitié de ses articles à ses abonnés, a dit le directeur.", "Il vous reste deux jours pour voter.", "Connectez-vous pour commenter."],
    "es": ["El diario cobra desde el lunes por leer sus artículos, y los lectores protestan en la plaza.", "Suscríbete a nuestro boletín de noticias.", "Regístrate para comentar."],
    "it": ["Il giornale chiede da lunedì un abbonamento, e i lettori protestano davanti alla sede.", "Registrati alla newsletter."],
    "pt": ["O jornal passou a cobrar pela leitura, e metade dos leitores foi embora em poucos meses.", "Cadastre-se para comentar."],
    "nl": ["De krant vraagt sinds maandag geld voor al haar artikelen, en de lezers zijn boos.", "Log in om te reageren."],
    "pl": ["Gazeta od poniedziałku każe płacić za czytanie, a połowa czytelników odeszła do innych.", "Zaloguj się, aby skomentować."],
    "ru": ["Газета с понедельника берёт деньги за чтение, и половина читателей ушла к другим.", "Войдите, чтобы оставить комментарий."],
    "ja": ["新聞社は月曜日から記事を有料にし、読者の半分が離れたと社長が語った。", "残りの三人は無事だった。"],
    "tr": ["Gazete pazartesiden beri okuma için para istiyor ve okurların yarısı gitti.", "Yorum yapmak için giriş yapın."],
    "sv": ["Tidningen tar sedan i måndags betalt för alla sina texter, och läsarna är arga.", "Logga in för att kommentera."],
    "fi": ["Lehti on maanantaista alkaen ollut maksullinen, ja puolet lukijoista on lähtenyt.", "Tilaajille luvattiin alennusta ensi vuodeksi."],
}  # fmt: skip
NOTICES = [
    "Wir und unsere Partner speichern Informationen auf einem Gerät, beispielsweise Cookies, und verarbeiten personenbezogene Daten.",
    "Nous et nos partenaires utilisons des cookies pour mesurer l'audience et afficher des publicités personnalisées.",
    "Utilizamos cookies propias y de terceros para mejorar nuestros servicios y mostrarle publicidad.",
    "Questo sito utilizza i cookie per migliorare l'esperienza di navigazione dei lettori.",
    "Utilizamos cookies para melhorar a sua experiência. Ao continuar, você concorda com a nossa política de privacidade.",
    "Deze website gebruikt cookies om de site beter te maken en u advertenties te tonen die bij u passen.",
    "Vi använder kakor för att förbättra tjänsten och visa annonser som passar dig bättre än andra.",
    "Ta strona używa plików cookie w celach statystycznych. Możesz zmienić ustawienia w swojej przeglądarce.",
    "Tento web používá k poskytování služeb a analýze návštěvnosti soubory cookie.",
    "Weboldalunk jobb működéséhez sütiket használunk, amelyeket a beállításokban letilthat.",
    "Мы используем файлы cookie, чтобы сайт работал лучше. Оставаясь на сайте, вы соглашаетесь с этим.",
    "Ми використовуємо файли cookie, щоб поліпшити роботу сайту та показувати вам рекламу.",
    "Bu sitede çerezler kullanılmaktadır; siteyi kullanmaya devam ederek bunu kabul etmiş olursunuz.",
    "Χρησιμοποιούμε cookies για να βελτιώσουμε την εμπειρία σας στον ιστότοπό μας.",
    "当サイトではサービス向上のためクッキーを使用しています。設定はいつでも変更できます。",
    "本网站使用cookie来改善您的浏览体验，继续浏览即表示您同意。",
    "이 웹사이트는 쿠키를 사용하여 더 나은 서비스를 제공합니다.",
    "نحن نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا الإلكتروني.",
]
NO_ARTICLES = [
    "Seite nicht gefunden", "Page introuvable", "Página no encontrada", "Pagina non trovata", "Strona nie istnieje", "Страница не найдена",
    "Sayfa bulunamadı", "ページが見つかりません", "页面不存在", "페이지를 찾을 수 없습니다", "Sidan hittades inte", "Bitte aktivieren Sie JavaScript, um fortzufahren.",
    "Inicie sesión o regístrese.", "Zaloguj się lub zarejestruj się", "ログイン", "الصفحة غير موجودة", "הדף לא נמצא",
]  # fmt: skip


def text_of(*paragraphs: str) -> CleanText:
    return clean(Submission(text="\n\n".join(paragraphs), title="⁂"))


@pytest.mark.parametrize(("language", "wall"), [(code, wall) for code, walls in WALLS.items() for wall in walls])
def test_a_story_that_ends_at_a_wall_is_truncated_and_the_wall_is_no_part_of_it(language: str, wall: str) -> None:
    found = text_of(STORIES[language], wall)
    assert found.quality.truncated
    assert not found.quality.boilerplate_only
    assert STORIES[language] in found.text


@pytest.mark.parametrize("language", list(STORIES))
def test_a_short_story_without_a_wall_is_whole(language: str) -> None:
    found = text_of(STORIES[language])
    assert not found.quality.truncated
    assert not found.quality.boilerplate_only


@pytest.mark.parametrize(
    ("language", "end"), [(code, end) for code, ends in ENDS_OF_WHOLE_STORIES.items() for end in ends]
)
def test_a_story_about_walls_or_with_other_pleas_below_is_whole(language: str, end: str) -> None:
    assert not text_of(STORIES[language], end).quality.truncated


@pytest.mark.parametrize("end", ["Tilaajille luvattiin alennusta ensi vuodeksi.", "Il vous reste deux jours pour voter.", "残りの三人は無事だった。"])  # fmt: skip
def test_a_sentence_that_begins_like_a_wall_stays(end: str) -> None:
    assert end in text_of(STORIES["fi"], end, STORIES["fr"]).text


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_about_cookies_is_taken_from_head_and_end_and_alone_is_no_article(notice: str) -> None:
    assert text_of(notice, STORIES["de"], STORIES["fr"]).text == f"{STORIES['de']}\n\n{STORIES['fr']}"
    assert text_of(STORIES["de"], STORIES["fr"], notice).text == f"{STORIES['de']}\n\n{STORIES['fr']}"
    assert text_of(notice).quality.boilerplate_only


@pytest.mark.parametrize(
    "sentence",
    [
        "„Wir verwenden Cookies nur mit Zustimmung“, sagte der Sprecher des Verlags am Montag in Berlin.",
        "Die Behörde prüft, ob das Unternehmen Cookies ohne Zustimmung setzt, und droht mit einer hohen Strafe.",
        "Wir und unsere Partner arbeiten seit Jahren an der neuen Brücke, heißt es im Bericht der Firma.",
    ],
)
def test_a_sentence_about_cookies_or_partners_is_no_notice(sentence: str) -> None:
    assert not is_consent(sentence)


@pytest.mark.parametrize("line", NO_ARTICLES)
def test_a_page_that_says_why_there_is_no_article_is_no_article_in_any_language(line: str) -> None:
    assert text_of(line).quality.boilerplate_only


def test_a_short_article_about_subscribers_is_an_article() -> None:
    brief = (
        "The paper lost a fifth of its subscribers in a year, its owner said on Monday, and it will close two of its "
        "four printing plants before the summer. About ninety people work there, most of them for more than ten years, "
        "and the union called for talks with the owner."
    )
    assert not text_of(brief).quality.boilerplate_only


def page(story: str, *, below: str = "", **data: object) -> str:
    linked = json.dumps({"@type": "NewsArticle", "headline": "Old bridge closed", **data})
    return (
        f'<html><head><title>Old bridge closed</title><script type="application/ld+json">{linked}</script></head>'
        f"<body><article><h1>Old bridge closed</h1>{story}</article>{below}</body></html>"
    )


SENTENCE = "The council said on Monday that the old bridge will be closed until the engineers have looked at pillar {}."
SHORT = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(8))
LONG = "".join(f"<p>{SENTENCE.format(number)}</p>" for number in range(60))


def part(selector: object) -> dict[str, object]:
    return {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": selector}


def is_teaser(html: str) -> bool:
    return clean(Submission(html=html, url="https://paper.example/bridge")).quality.truncated


def test_an_article_that_is_not_free_and_lacks_its_part_for_subscribers_is_a_teaser() -> None:
    assert is_teaser(page(SHORT, isAccessibleForFree="False", hasPart=part(".paywall")))
    assert is_teaser(page(SHORT, isAccessibleForFree=False, hasPart=[part(["div.locked", "#rest"])]))
    empty = f'{SHORT}<div class="paywall">Subscribe</div>'
    assert is_teaser(page(empty, isAccessibleForFree=False, hasPart=part(".paywall")))


def test_an_article_whose_part_for_subscribers_is_there_is_whole() -> None:
    whole = f'{SHORT}<div class="story paywall">{SHORT}</div>'
    assert not is_teaser(page(whole, isAccessibleForFree=False, hasPart=part(".paywall")))
    assert not is_teaser(page(whole, isAccessibleForFree=False, hasPart=part("article div.paywall")))
    marked = f"<div data-lock>{SHORT}</div>"
    assert not is_teaser(page(marked, isAccessibleForFree=False, hasPart=part("[data-lock]")))


def test_a_long_article_that_is_not_free_is_whole_unless_its_data_has_more() -> None:
    assert not is_teaser(page(LONG, isAccessibleForFree=False, hasPart=part(".paywall"), wordCount=9_000))
    body = " ".join(SENTENCE.format(number) for number in range(100))
    assert is_teaser(page(LONG, isAccessibleForFree=False, articleBody=body))


def test_how_long_the_article_is_tells_a_teaser_only_where_it_is_not_free() -> None:
    assert is_teaser(page(SHORT, isAccessibleForFree=False, hasPart=part(".story, .x > .y"), wordCount="900"))
    assert not is_teaser(page(SHORT, isAccessibleForFree=True, wordCount=900))
    assert not is_teaser(page(SHORT, wordCount=900, hasPart=part(".paywall")))


def test_a_selector_that_cannot_be_read_decides_nothing() -> None:
    assert not is_teaser(page(SHORT, isAccessibleForFree=False, hasPart=part("div:not(.free)")))
    assert not is_teaser(page(SHORT, isAccessibleForFree=False, hasPart=["x", {"isAccessibleForFree": False}]))


def test_of_thousands_of_selectors_only_the_first_are_looked_for() -> None:
    whole = f'{SHORT}<div class="paywall">{SHORT}</div>'
    absent = [part(f".part-{number}") for number in range(2_000)]
    assert not is_teaser(page(whole, isAccessibleForFree=False, hasPart=[*absent[:5], part(".paywall")]))
    assert is_teaser(page(whole, isAccessibleForFree=False, hasPart=[*absent, part(".paywall")]))


def test_a_page_marked_as_locked_with_a_paragraph_of_text_is_a_teaser() -> None:
    tier = '<meta property="article:content_tier" content="locked">'
    teaser = page(f"<p>{SENTENCE.format(1)}</p><p>{SENTENCE.format(2)}</p>").replace("</head>", f"{tier}</head>")
    assert is_teaser(teaser)
    assert not is_teaser(page(SHORT).replace("</head>", f"{tier}</head>"))


def test_a_wall_below_the_story_that_the_text_does_not_have_is_seen() -> None:
    wall = '<div class="barrier"><h2>Abonnez-vous pour lire la suite</h2><button>Je m’abonne</button></div>'
    assert is_teaser(page(SHORT, below=wall))
    assert not is_teaser(page(LONG, below=wall))


CHINESE = [
    "縣裡一處百年石滬歷經三年修復，今天舉行完工儀式，村民把最後一塊石頭砌回滬堤。",
    "八十一歲的耆老說，年輕時一個晚上可以捕到上百斤魚，現在只希望孫子願意回來看海。",
    "文化局表示，全縣登錄的石滬有五百多口，能使用的不到一成，明年將再修復六口。",
]


def test_a_page_that_a_fallback_reads_as_one_line_is_read_as_its_paragraphs() -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in CHINESE)
    notice = "<p>本網站使用 Cookie 以提供更好的瀏覽體驗，繼續瀏覽即表示同意。</p>"
    html = (
        f"<html lang='zh'><body><main><article><h1>石滬修復完工</h1>{paragraphs}{notice}</article></main></body></html>"
    )
    assert clean(Submission(html=html)).text == "\n\n".join(CHINESE)


def test_a_story_on_one_line_that_stands_in_no_paragraph_is_not_given_up_for_those_below_it() -> None:
    story, *notes = f"{CHINESE[0]}{CHINESE[1][:22]}。", *(line[:27] for line in CHINESE)
    below = "".join(f"<p>{note[::-1]}</p>" for note in notes)
    html = f"<html lang='zh'><body><main><article><h1>石滬</h1><section><span>{story}</span></section>{below}</article>"
    assert story in clean(Submission(html=f"{html}</main></body></html>")).text


def test_an_article_on_one_line_with_a_notice_about_cookies_is_no_notice() -> None:
    line = f"{STORIES['de']} {STORIES['de']} Wir verwenden Cookies, um die Seite besser zu machen."
    assert STORIES["de"] in text_of(line).text
    begins = f"Wir verwenden Cookies, um die Seite besser zu machen. {STORIES['de']} {STORIES['de']}"
    assert STORIES["de"] in text_of(begins).text


def test_a_link_to_another_article_in_thai_takes_nothing_of_the_story_below_it() -> None:
    first = "ชาวบ้านกว่าห้าสิบคนร่วมกันซ่อมสะพานไม้ไผ่ข้ามลำน้ำ เมื่อเช้าวันศุกร์ที่ผ่านมา หลังจากสะพานเดิมพังเพราะน้ำหลากเมื่อปีที่แล้ว"
    last = "งานนี้ใช้ไม้ไผ่ราวสามร้อยลำ ซึ่งได้รับบริจาคจากหมู่บ้านใกล้เคียง และคาดว่าจะแล้วเสร็จภายในหนึ่งสัปดาห์"
    assert text_of(first, "อ่านข่าวเพิ่มเติม: หมอกควันภาคเหนือลดลงต่อเนื่อง", last).text == f"{first}\n\n{last}"


def test_a_byline_below_a_standfirst_is_taken_and_one_below_a_paragraph_stays() -> None:
    standfirst = (
        "Pendant quarante-six ans, Lucien Bazin a réparé les pendules de la préfecture comme celles des fermes."
    )
    found = text_of(standfirst, "Par Solène GUÉRIN, à Alençon", STORIES["fr"])
    assert found.byline == "Par Solène GUÉRIN, à Alençon"
    assert found.text == f"{standfirst}\n\n{STORIES['fr']}"
    later = f"{standfirst}\n\n{STORIES['fr']}\n\nPar Solène Guérin"
    assert text_of(later, STORIES["fr"].replace("lundi", "mardi")).byline is None


def test_near_relatives_are_told_apart_by_what_the_page_declares() -> None:
    story = "Sat na tvrđavi, koji je stao u novembru posle udara groma, od jutros ponovo radi. Popravku je platio grad."
    html = (
        "<html lang='{}'><body><article><h1>Sat opet radi danas</h1>"
        + f"<p>{story}</p>" * 2
        + "</article></body></html>"
    )
    assert clean(Submission(html=html.format("sr-Latn"))).language == "sr"
    assert clean(Submission(html=html.format("en"))).language in ("bs", "hr", "sr")
