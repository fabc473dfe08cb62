"""The rules for leftovers, in the order in which they are applied. To change what is removed, change this list.

Written from the classes of leftover lines in the development half of the news pages (lines_news) and measured there:
README.md has each rule's precision and recall. When unsure, a rule keeps: an article's sentence lost is worse than an
advertisement kept.
"""

from tasks.clean._elsewhere import ELSEWHERE
from tasks.clean._release import MAIL_SIGNATURE, RELEASE_END
from tasks.clean._rules import Inside, Rules, closing, dated, labels, lines, repeats, section, tail
from tasks.clean._views import Where

_RELATED = (
    r"(?:related|recommended|further|more|similar)\s(?:sources?|articles?|stor(?:y|ies)|topics?|posts?|news|content"
    r"|coverage|links?|reading|videos?|to\sthis\sstory|on\sthis\sstory|on\sthis|in\sthis\sseries)"
)
_SITE = r"(?:facebook|twitter|linkedin|whatsapp|reddit|pinterest|tumblr|telegram|flipboard|instagram|youtube|pocket|google\+?|messenger|e-?mail|print|sms|vk|skype|snapchat|digg|stumbleupon|threads|bluesky|mastodon|rss)"  # noqa: E501
_SHARE_WORD = rf"(?:share|tweet|x|post|pin\sit|save|send|copy\slink|like|follow|subscribe|{_SITE}|on|to|via|this|by|and|shortlink|comments?|\d++)"  # noqa: E501
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{1,2}}\s{_MONTH},?\s\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})"  # noqa: E501
_CLOCK = r"(?:at\s)?\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?(?:\s?\(?[a-z]{2,4}\)?)?"
_WHEN = rf"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?(?:{_CLOCK},?\s(?:on\s)?)?{_DATE}(?:[\s,|–-]+{_CLOCK})?"  # noqa: E501
_STAMP = r"(?:(?:first\s|last\s)?(?:published|updated|posted|modified|created)(?:\son|\sat)?\s?:?\s)"
_PRICE = r"(?:[a-z]{0,3}[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|eur|usd|gbp|dollars?|euros?))"
_PERIOD = (
    r"(?:(?:per|a|an|each|every|/)\s?(?:\d+\s)?(?:weeks?|months?|years?|day)"
    r"|for\s(?:the\sfirst\s)?(?:\d+|one|two|three|four|six|twelve)\s(?:weeks?|months?|years?|days?))"
)
_BULLET = r"[•·▪●■◦‣*|]"

_DATED = rf"[\[(]?\s?(?:{_STAMP})?{_WHEN}\s?[\])]?"

LEFTOVERS: Rules = (
    repeats("repeated", min_chars=80),
    dated("other_articles", _DATED),
    RELEASE_END,
    MAIL_SIGNATURE,
    closing(
        "comments",
        r"(?:(?:view|show|load|see|all|\d[\d,]*|user|reader|facebook|latest|recent|top(?:\srated)?|most\srecent)\s){0,2}(?:comments?|replies|responses)(?:\s(?:to|on)\s.{5,160})?(?:\s?\(?\d+\)?)?\s?:?",
        r"\d+\s(?:thoughts|responses|comments|replies)\s(?:on|to)\s.{5,180}|(?:view|show|read|load)\s(?:all\s)?comments|(?:leave|add|post|write)\sa\s(?:comment|reply)(?:\scancel\sreply)?",
        r"join\sthe\s(?:discussion|conversation)|comments?\s(?:are\sclosed|policy).{0,40}",
    ),
    lines(
        "advertisement",
        r"-?\s?(?:advertisements?|advert|ad|sponsored(?:\s(?:content|financial\scontent|links?))?|promoted(?:\scontent)?)(?:\s\d{1,2})?",
        r"(?:-\s)?(?:advertisement\s?-?\s?)?(?:embed-more-topic)?(?:story|article)\scontinues\s(?:below|after)(?:\s(?:this\s)?(?:advertisement|ad))?[.:]?",
        r"this\sadvertisement\shas\snot\sloaded\syet.*|don[’']t\swant\sto\ssee\s(?:this|ads)\b.*",
        r"(?:article|scroll\sdown\sto|continue\sreading)\s?(?:content|below|continue)?(?:\sthe\smain\sstory)?",
    ),
    tail(
        "related_inline",
        rf"(?<=[.!?”\"’)\]]\s){_RELATED}\s?:\s?(?:{_BULLET}\s?[^{_BULLET[1:-1]}.!?]{{1,160}}){{1,20}}$",
    ),
    section(
        "related",
        rf"{_RELATED}\s?:?|you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested\sin)(?:\sthese)?\s?:?|recommended(?:\sfor\syou)?\s?:?"
        r"|most\s(?:read|popular|viewed|watched|shared)(?:\s\w+)?\s?:?|(?:people|others|readers)\sare\s(?:also\s)?reading\s?(?::|…|\.{3})?|(?:also\s|must\s)?read\s(?:next|also|more)\s?:?|don[’']t\smiss\s?:?|see\salso\s?:?"
        r"|trending(?:\snow)?\s?:?|(?:latest|top)\s(?:news|stories|headlines|videos)\s?:?|explore\sfurther|more\sfrom\s[\w\s’'&.]{2,40}:?|related\s?:",
    ),
    closing(
        "below_the_story",
        r"(?:more|popular|related|trending|latest|recommended)\s?:?|more\s(?:from|in|on|about)\s.{2,40}",
        r"(?:more|read|most\s(?:read|popular|viewed|shared)|popular|related|trending|latest|top|recommended)(?:\s[\w’']{1,15}){0,2}\s(?:news|stor(?:y|ies)|headlines|articles?|videos?|posts?|reading|coverage|topics?|now|today|week|links)\s?:?",
        r"you\s(?:may|might)\s(?:also\s)?(?:like|be\sinterested).{0,20}|(?:recent\sposts|read\snext|editors?[’']?\spicks?|(?:sponsored|promoted)\sstories)",
        r"paid\scontent|(?:around|from)\sthe\sweb|about\sthe\sauthors?",
        max_prose_below=0,
    ),
    lines(
        "read_more",
        r"[\[(]?(?:read|see|watch|listen|learn|view|find\sout|discover)\s?(?:more|next|also|here)(?:\s(?:here|about\b.{1,80}|on\b.{1,80}))?\s?[»>→….]*[\])]?",
        r"[\[(]?(?:(?:also\s|must\s)?read(?:\s(?:more|next|also|this))?|related(?:\s(?:article|story|post|video|content|coverage|news|link)s?)?|see\salso|don[’']t\smiss|also\ssee|watch\s(?:more|also|next)|more\son\sthis|recommended)\s?[:|»>].{1,250}",
        r"[\[(]?\s?(?:view|see|show|load|browse)\s(?:all|more)(?:\s\w+){0,2}(?:\s\(\d+\))?\s?[»>]*\s?[\])]?",
        r"continue\sreading(?:\s.{0,120})?|(?:more|also)\s?:?",
        r"click\s(?:here|below)\s(?:to|for)\s(?:read|see|view|subscribe|sign|more|hide|turn|share)\b.*",
        whole=True,
    ),
    lines(
        "related_tagged",
        r".{10,160}\[(?:video|insight|reaction|pictures|analysis|photos?|comment|latest|news|warning|report|opinion|exclusive|revealed|poll|live|updates?|interview|pics|review|spotlight|in\spictures|watch|listen)\]\s?\|?",
        r"also\s?:\s.{3,160}(?<![.!?])|also\ssee\b.{3,160}",
        max_chars=200,
        whole=True,
    ),
    lines(
        "read_more_shouted",
        r"(?:MORE|RELATED|READ|ALSO|TRENDING)\s?(?:MORE|NOW|ALSO|NEXT)?\s?[:|].{1,250}",
        shouted=True,
        whole=True,
    ),
    lines(
        "share_bar",
        rf"(?={_SHARE_WORD}\b)(?=.*(?:share|tweet|pin\sit|print|copy\slink|{_SITE}))(?:{_SHARE_WORD}\b[\s,|/•·:]*+){{1,25}}",
        r"(?:click\s)?to\s(?:share|e-?mail|print)\b.{0,60}\(opens\sin\snew\swindow\).{0,10}",
        r"share\s(?:this|the)\s(?:article|story|post|page|news|video|link|content|image|photo|with|on|via)\b.*|share\s(?:this|story|now)",
        rf"(?:share|save|tweet|post)\s(?:this\s)?(?:on|to|via|with)\s{_SITE}.{{0,80}}",
        r"(?:about\ssharing|sharing\sis\scaring!?|share\sstory|email\sthis|print\sthis|print\sarticle|\d[\d,.]*k?\sshares?|order\sreprints|(?:reprints|rights)\s(?:and|&)\spermissions)",
        max_chars=160,
    ),
    lines(
        "newsletter",
        r"join\b.{0,60}\b(?:newsletters?|mailing\slist)\b.*|(?:sign\sup|subscribe|register)\b.{0,160}\b(?:newsletters?|inbox|e-?mails?|mailing\slist|alerts?|today|now|youtube|podcast|channel)\b.*",
        r"subscribe(?:\s(?:now|today|here|to\s[\w\s’'.]{2,60}|for\smore\s\w+))?\s?[!.]?",
        r"(?:get|receive)\s(?:the|our|breaking|daily|e-?mail|more|all|your)\b.{0,160}\b(?:inbox|newsletters?|e-?mail\supdates|alerts|notifications|delivered)\b.*",
        r"newsletters?(?:\ssign[\s-]up)?|(?:your\s)?e-?mail\saddress|enter\syour\se-?mail.*|breaking\snews\semails?",
        r"by\s(?:providing|entering|signing|subscribing|clicking|submitting|registering)\b.{0,200}\b(?:agree|consent|terms|privacy)\b.*",
        having=Inside(
            r"\b(?:delivered|straight|right|sent|direct(?:ly)?)\s(?:(?:in)?to|on)\syour\s(?:inbox|devices?)\b|sign(?:ing)?\sup\s(?:for|to)\s(?:our|the)\b.{0,60}\bnewsletters?\b"
            r"|^(?:you\scan\s)?(?:read|find|get)\s.{5,160}\bin\sour\s(?:daily|weekly|free|morning|evening)\s(?:\w+\s)?newsletters?\.?$",
            ("your inbox", "your device", "newsletter"),
        ),
        max_chars=280,
    ),
    lines(
        "follow_us",
        rf"follow\s(?:us|me|along|@\w+|[\w.’'\s]{{2,60}}\son)\b.{{0,120}}(?:{_SITE}|@\w+).{{0,160}}",
        rf"(?:like|find|join|follow)\s(?:us|me|our)\son\s{_SITE}.{{0,120}}",
        r"follow\s(?:us|me|related\sauthors.{0,20})\s?[!:.]?",
        r"(?:join|chat)\s(?:the\sconversation|with\sus)\b.*",
        r"download\s(?:our|the)\b.{0,60}\bapp\b.*",
        r"stay\swith\s[\w\s’'&.-]{2,40}\s(?:on[\s-]air|online)\b.*",
        max_chars=320,
    ),
    lines(
        "support_plea",
        r"(?:please\s)?(?:support|donate|contribute|make\sa\s(?:one-time\s|monthly\s|tax-deductible\s)?(?:donation|contribution|commitment|gift))\b.{0,200}\b(?:journalism|reporting|us|our\s\w+|today|now|report|donation|work|here)\b.*",
        r"your\s(?:contribution|donation|support|subscription)\s(?:supports?|helps?|makes?|keeps?)\b.*",
        r"(?:this|the\sfull|premium)\s(?:article|story|content)\sis\s(?:only\s|exclusively\s)?(?:for|available\s(?:only\s)?(?:to|for)|reserved\sfor)\s(?:our\s)?(?:\w+\s)?(?:subscribers|members)\b.*",
        r"(?:become\sa|already\sa)\s(?:member|subscriber)\b.*",
        r"(?:subscribe|sign\sin|sign\sup|register|log\s?in)\sto\s(?:unlock|read|continue|access|view|keep)\b.{0,80}",
        r"(?:try|get|enjoy)\s(?:full|unlimited|complete|premium)\s(?:digital\s)?access\b.{0,80}",
        rf"(?:only|just|then|from|try|pay)?\s?{_PRICE}.{{0,30}}\b(?:{_PERIOD})\b.{{0,20}}(?:\.\s.{{0,160}})?",
        r"(?:get|complete|enjoy|your)\s(?:\w+\s){0,2}digital\saccess\b.{0,200}|(?:cancel|change)\s.{0,40}\b(?:any\s?time|your\s(?:plan|subscription))\b.{0,60}|explore\s(?:more|our|all)\s(?:offers|plans|subscriptions?)(?:\soptions)?",
        having=Inside(
            r"stay\sinformed\swith\b|invest\sin\s(?:independent\s)?journalism\b|thanks\sits\ssponsors\b"
            r"|(?:^|[.!]\s)if\syou\s(?:value|appreciate|enjoy(?:ed)?|liked?)\s[^.”\"]{0,60}\b(?:this|reporting|journalism|newsroom)\b[^.”\"]{0,80}"
            r"\b(?:gift|donation|donating|contribution|contributing|becom(?:e|ing)\sa\s(?:paid\s)?(?:member|subscriber))\b",
            ("journalism", "stay informed", "thanks its", "if you "),
        ),
    ),
    lines(
        "cookie_notice",
        r"(?:this|our|the)\s(?:web)?site\s(?:uses?|is\susing)\scookies\b.*",
        r"we\suse\s(?:(?:essential\s)?cookies\b|them\sto\sgive\syou\b).*",
        r"(?:cookie|privacy|consent)\s(?:policy|notice|settings|preferences?|preference\scent(?:er|re)|management|statement)",
        r"this\ssite\sis\sprotected\sby\srecaptcha\b.*|(?:accept|reject)\s(?:all(?:\scookies)?|cookies)",
        max_chars=600,
    ),
    lines(
        "photo_credit",
        r"[\[(]?(?:(?:photo(?:graph)?s?|image|picture|pic|illustration|graphic|credit|file)\s?(?:credits?|courtesy|by|copyright|via|source)?\s?(?:[:©/]\s?|\bby\s|\bcourtesy\s|\bcopyright\s)).{1,120}",
        r"(?:.{1,60}(?:\s[|/]\s|/|\svia\s|,\s))?(?:getty\simages|associated\spress|ap\sphoto|afp|reuters|epa|shutterstock|istock|alamy|bloomberg)(?:(?:\s[|/]\s|/|\svia\s).{1,60})?",
        r"(?:(?:image|photo|slide)\s)?\d{1,3}\sof\s(?:/\s)?\d{1,3}|(?:image\s)?captions?|photos?|image:?|gallery|photo\sgallery|view\sgallery",
        r"image\scaption\s.{1,250}",
        max_chars=400,
        whole=True,
    ),
    lines(
        "photo_caption",
        r"pictured,?\s(?:(?:here|above|below|right|left|at\sthe\s\w+)\b.{0,20},|from\s(?:left|right)).{1,300}",
        rf"(?:in\s)?(?:this\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?(?:{_DATE},?\s)?(?:file\s(?:photo|image|picture)|photo(?:graph)?)\b[,:].{{5,340}}",
        having=Inside(
            r"\((?:image|photo|picture|pic|credit)s?\s?(?:credit)?\s?:\s?[^()]{1,80}\)?$|\((?:ap|afp)\sphoto/[^()]{2,60}\)$",
            ("(image", "(photo", "(pic", "(credit", " photo/"),
        ),
        max_chars=400,
    ),
    lines(
        "copyright",
        r"(?:©|\(c\)|copyright\b).{0,250}(?<![?!])",
        r"(?:this\s(?:material|copy|document|content)|the\scontents?\sof\sthis\ssite)\s(?:may\snot\sbe|is\s(?:for\syour|subject\sto\scopyright|protected)|are\s©)\b.*",
        having=Inside(
            r"all\srights\sreserved\b",
            ("all rights",),
        ),
        max_chars=420,
    ),
    lines(
        "comment_prompt",
        r"(?:(?:leave|add|post|write)\sa\s(?:comment|reply)|(?:view|see|show|hide|load|all|no|facebook|read|\d+|loading|top\srated|most\srecent)\s?(?:all\s|the\s)?comments?|comments?|reply|join\sthe\s(?:discussion|conversation))(?:\s?\(?\d+\)?)?\s?[.:…]*",
        r"subscribe\sto\s?:\s(?:post\s)?comments\s\(atom\)|posts\s\(atom\)",
        r"comments\s(?:are|have\sbeen)\s(?:closed|disabled|turned\soff)\b.*",
        r"(?:you\smust\s(?:be\slogged|log)\sin|log\sin|login|sign\sin|register)\s(?:or\sregister\s)?(?:to|in\sto)\s?.{0,60}\b(?:comments?|reply|continue|report)\b.*",
        r"your\semail\saddress\swill\snot\sbe\spublished.*|save\smy\sname,\se-?mail,?.*|this\ssite\suses\sakismet.*",
        r"click\sto\s(?:read\smore\sand\sview\scomments|hide|comment)|comment\svia\sfacebook.{0,30}|(?:post\s)?comments?\s\(\+\)|thank\syou\sfor\syour\srating!?|no\svotes\syet\.?",
        r"please\senter\syour\s(?:comment|name|email).{0,40}|tell\sus\swhat\syou\sthink.{0,20}|what\sdo\syou\sthink\?(?:\s.{0,80})?",
        r"share\syour\s(?:thoughts|opinion|views)\b.*|have\syour\ssay\b.{0,40}|%d\sbloggers\slike\sthis:?|like\sthis:|like\sloading.*|loading\.*…?",
        having=Inside(
            r"\bcomment\s(?:policy|guidelines)\b",
            ("comment policy", "comment guidelines"),
        ),
    ),
    lines(
        "contact_prompt",
        r"(?:(?:do\syou\s)?have\sa\s(?:\w+\s)?(?:tip|story|question)|got\sa\s(?:\w+\s)?(?:tip|story))\b.*",
        r"(?:write|e-?mail|contact|reach|message)\s(?:to\s)?[\w.’'\s]{2,50}\s(?:at|on|via)\s:?.{0,60}(?:@|http|www\.).*",
        r"get\sin\stouch(?:\s(?:with|at|by|via)\b.*)?|(?:you\scan\s)?contact\sus\b.*",
        r"(?:(?:are|were|do|have|did)\syou\s.{3,80}\?\s)?(?:send|share|email|tell)\s(?:us\s)?(?:your|to)\s.{2,80}\b[\w.+-]+@[\w-]+\.\w.{0,60}",
        r"(?:contact|reach|e-?mail|call)\s(?:[\w.’'-]+\s){1,5}(?:at|on|via|by)\s.{0,60}\b\d{3}[\s.-]\d{3,4}[\s.-]?\d{0,4}\b.{0,40}",
        having=Inside(
            r"\bbe\s(?:reached|contacted)\s(?:at|on|via)\b.{0,40}@",
            ("be reached", "be contacted"),
        ),
        where=Where.EDGES,
    ),
    lines(
        "contribution_note",
        r"(?:additional\s)?reporting\sby\s.{1,160}|\((?:additional\s)?(?:reporting|writing|editing|compiled)\s(?:and\s(?:writing|editing)\s)?by\s[^()]{1,280}\)",
        r"with\s(?:reports?|reporting|files)\s(?:by|from)\s.{1,120}",
        having=Inside(
            r"\b(?:writers?|reporters?|journalists?|correspondents?)\s.{3,80}\bcontributed\.?$|\bcontributed\s(?:reporting|to\s(?:this|the)\s(?:report|story|article|piece)|from\s[\w\s]{2,40})\b.{0,80}$",
            ("contributed",),
        ),
    ),
    lines(
        "wire_marks",
        r"\((?:more|ends?|mtf|eom|more\sto\sfollow)\)|-\s?(?:30|ends?)\s?-|#{2,4}",
        r"(?:by\s)?(?:the\s)?post\s.{5,200}\sappeared\sfirst\son\s.{2,80}",
        max_chars=300,
    ),
    lines(
        "wire_head",
        r"(?:[a-z]{2}-)+-.{3,80}|.{0,80}\b\d?(?:st|nd|rd|th)?\s?ld(?:-writethru)?\b.{0,40}|[a-z]\d{4}\s[a-z]{2,4}\b.{0,60}|eds?\s?:\s.{3,280}",
        r"(?:urgent|bulletin|flash|advisory|precede)\s?:?",
        where=Where.HEAD,
    ),
    lines(
        "wire_foot",
        r"keywords\s?:\s.{2,160}|\(\(.{5,200}\)\)|[a-z]{2}-[a-z]{2}-\d\d-\d\d-\d\d\s.{3,12}|more",
        where=Where.TAIL,
    ),
    lines(
        "sign_off",
        r"_{2,}|(?:\*\s?){3,}|[-–—=~•>|\s]{2,80}",
        having=Inside(
            r"^(?:[\w’'.-]+\s){1,3}(?:and\s(?:[\w’'.-]+\s){1,3})?reported\sfrom\s[^.!?]{3,120}\.?$",
            ("reported from",),
        ),
        where=Where.TAIL,
        whole=True,
    ),
    lines(
        "affiliate_note",
        r"if\syou\s(?:buy|purchase|click)\s.{0,100}\bcommission\b.*|this\s(?:post|article)\s(?:may\s)?contains?\s(?:affiliate|referral)\b.*",
        having=Inside(
            r"(?:^|[.!]\s)(?:we|[\w&’'-]{2,30}(?:\s[\w&’'-]{2,20}){0,2})\smay\s(?:earn|receive|get)\s(?:an?\s)?(?:\w+\s){0,2}commissions?\b",
            ("commission",),
        ),
        max_chars=320,
    ),
    lines(
        "shortcode",
        r"\[[a-z][\w-]{2,24}\s[^\[\]]{0,80}=\s?[\"'”“″’][^\[\]]{0,400}\].{0,160}(?:\[/[a-z][\w-]{2,24}\])?|\[/[a-z][\w-]{2,24}\]",
        max_chars=500,
    ),
    lines(
        "origin_note",
        r"(?:this|a\sversion\sof\sthis)\s(?:article|story|column|review|essay)\s(?:appear(?:ed|s)|will\sappear)\sin\s(?:the\s)?print\b.*",
        r"(?:delivered|powered|presented|recommended|sponsored)\sby\s.{1,60}|source\s?:\s(?:.{1,30}\s)?(?:news|agencies|reuters|ap|afp|.{1,30}/ap)",
        r"our\sstandards\s?:.{3,80}",
        r"(?:this|the)\s(?:interview|conversation|transcript)\s(?:has\sbeen|was)\s(?:lightly\s)?(?:edited|condensed|translated)\b.{0,120}",
        r"opinions?\sexpressed\sby\s.{1,100}\bown\.?|\(?this\scontent\s(?:is\snot\ssubject|was\screated)\b.*",
        where=Where.EDGES,
    ),
    lines(
        "time_stamp_alone",
        rf"[\[(]?\s?(?:{_STAMP})?{_WHEN}(?:\s?[|•·,–-]?\s?(?:{_STAMP})?{_WHEN})?(?:\s?[a-z]{{2,4}})?\s?[\])]?",
        rf"\d{{1,2}}[:.]\d{{2}},\s{_DATE}(?:\s?updated\s.{{1,40}})?",
        rf"(?!by\s)(?:[\w’'.&-]{{1,20}}\s?[,|]?\s){{1,6}}[|/]\s(?:{_STAMP})?{_WHEN}.{{0,20}}|\d+\s(?:second|minute|hour|day|week|month|year)s?\sago(?:\sat\s.{{1,12}})?",
        max_chars=100,
    ),
    lines(
        "counts",
        r"[\d.,]+\s?[km]?\s(?:views?|shares?|comments?|likes?|votes?|replies|retweets)(?:\s\(?\d[\d.,]*\s?[km]?\)?)?|(?:views|shares|votes|rating)\s?:?(?:\s[\d.,/]+)?(?:\s\(.{1,20}\))?(?:\s\d+\svotes?)?",
        max_chars=60,
    ),
    lines(
        "time_stamp",
        rf"(?:{_STAMP})?(?:/\s?)?{_WHEN}(?:[\s|•·,–-]+(?:{_STAMP})?{_WHEN})?(?:\s?[•|·]\s?\d+\smin(?:ute)?s?\sread)?",
        rf"{_WHEN}(?:\s[a-z]{{2,4}})?\sby\s.{{3,40}}|posted\son\sby\b.*|(?:submitted|posted)\sby\s.{{2,40}}\son\s.{{5,40}}|posted\sin\s.{{1,60}}\btagged\b.*|by\s\d+\scomments",
        rf"(?!by\s)[\w’'. ]{{3,40}}\s[-–|]\s{_WHEN}(?:\s[a-z]{{2,4}})?|•?\s?(?:updated:\s)?{_WHEN}\s?(?:ist|gmt|est|edt|pst)|published\s?:?\s\|\supdated\s?:|(?:last\s)?(?:posted|updated)\s(?:\d+\s(?:minute|hour|day|week)s?\s){{1,2}}ago|written\sby(?:\s/|\s[\w’'.]+){{1,3}}",  # noqa: E501
        rf"{_STAMP}.{{0,12}}\d.{{2,60}}|{_STAMP}?\d+\s(?:second|minute|min|hour|hr|day|week|month|year)s?\sago|(?:/\s)?(?:published|updated|posted)\s?(?:on|by)?\s?[:|]*",
        r"\d+\s?-?\s?min(?:ute)?s?\s(?:read|listen)|(?:reading|read)\stime\s?:?\s.{1,20}",
        where=Where.EDGES,
        max_chars=140,
    ),
    labels("tail_labels", where=Where.TAIL, at_least=3, max_words=3),
    labels("head_labels", where=Where.HEAD, at_least=1, max_words=2, max_lines=6),
    lines(
        "tags",
        r"(?:tags?|topics?|filed\s(?:under|to)|categor(?:y|ies)|keywords?|in\sthis\sstory|organizations\sin\sthis\sstory|(?:related\s)?tags)(?:\s?:.{0,600})?",
        where=Where.TAIL,
        max_chars=600,
    ),
    lines(
        "player",
        r"media\splayback\sis\s(?:not\ssupported|unsupported).{0,40}|(?:to\sview\sthis\svideo\s)?please\senable\sjavascript.*",
        r"(?:you\sneed\sto\s)?enable\sjavascript.*|an\serror\s(?:has\s)?occurred.*|something\swent\swrong.*|we\sencountered\san\s(?:issue|error).*",
        r"(?:replay|play|pause|mute|listen|video|audio|just\swatched|must\swatch|now\splaying|close|menu|search|caption|up\snext|autoplay)(?:\s?\.\.\.)?(?:video)?(?:\s\d{1,2}:\d{2})*",
        r"(?:current\stime|duration|remaining\stime|loaded|progress|stream\stype)\s?:?\s?(?:-?[\d:.%]+|live)|\d(?:\.\d+)?x",
        r"video\s?\d{1,2}:\d{2}(?:\d{1,2}:\d{2})?|(?:thank\syou\sfor\svisiting|access\syour\sfavorite\stopics)\b.*",
        having=Inside(
            r"\bsupports\shtml5\b",
            ("html5",),
        ),
    ),
    lines(
        "navigation",
        r"(?:skip|jump)\s(?:to|back)\s.{1,40}|back\sto\s(?:the\s)?top|(?:home|permalink|menu|log\s?in|sign\s(?:in|out|up)|my\saccount|next|previous)(?:\s?[»>«<|])*",
        r"listen\slive|get\sshort\surl|scroll\sto\stop|text\ssize|read\sin\sapp|(?:request|order)\sreprints?\b.{0,60}|follow\s[\w\s]{2,30}:|see\show\sthis\sarticle\sappeared\b.*",
        r"(?:about|contact)\sus|advertise(?:\swith\sus)?|careers|privacy(?:\spolicy)?|terms\s(?:of|and|&)\s(?:use|service|conditions)|corrections|site\s?map|help|adchoices|powered\sby\s.{1,40}|archives?|rss\sfeeds?|forums|classifieds|obituaries",
        r"(?:[\w./&’' -]{1,25}\|){3,}[\w./&’' -]{0,25}",
        where=Where.EDGES,
        max_chars=200,
    ),
    *ELSEWHERE,
)
"""The ordered list. A rule may rely on what stands before it: ``related`` has taken the lists under its headings before
``read_more`` sees single lines."""
