"""
Words by which messages are told apart, per language; chosen by hand, beginnings only.

They find what plainly stands there. Irony, images and slang are for people, or for a
function of your own.
"""

# ruff: noqa: RUF001 - Russian letters are meant

from __future__ import annotations

import re
from functools import cache

LANGUAGES = ("en", "de", "es", "ru")

POSITIVE = {
    "en": "love great awesome amazing excellent perfect wonderful thank thanks happy "
    "delicious recommend best fantastic brilliant beautiful tasty glad superb",
    "de": "liebe toll super klasse prima perfekt wunderbar danke dank glücklich lecker "
    "empfehl beste großartig hervorragend begeistert schön freue genial köstlich",
    "es": "encanta genial excelente perfect maravill gracias feliz delicios recomiend "
    "mejor fantástic increíble precios bonit buenísim contento rico~ rica~ estupend",
    "ru": "люблю отличн супер прекрасн спасибо благодар счастлив вкусн рекоменд лучш "
    "замечательн великолепн класс восторг нравится понравил рад~ рада~ рады~ шикарн",
}
NEGATIVE = {
    "en": "awful terrible horrible worst hate disgust bad poor broken disappoint angry "
    "furious useless rubbish garbage refund complain scam fraud liar lied shame "
    "unacceptable boycott late~ rude~ overpriced",
    "de": "schrecklich furchtbar schlecht mies enttäusch wütend ärgerlich kaputt müll "
    "nutzlos betrug betrüg abzock unverschämt frechheit beschwer rückerstattung lüge "
    "lügner skandal schande boykott unfreundlich eklig",
    "es": "horrible terrible pésim malo mala peor odio asco decepcion enfadad furios "
    "roto rota inútil basura estafa fraude mentira mentiros vergüenza reembols queja "
    "inaceptable boicot caro~ cara~",
    "ru": "ужас отврат плох худш ненавиж разочаров злой~ злая~ злюсь сломан бесполезн "
    "мусор обман мошенн врут врать позор верните возврат жалоб кошмар стыд "
    "бойкот хамств дрянь",
}
# What turns a word round when it stands shortly before it.
NEGATIONS = {
    "en": "not no never don't doesn't didn't isn't wasn't without hardly",
    "de": "nicht kein keine keinen nie ohne kaum",
    "es": "no nunca sin ni tampoco",
    "ru": "не ни никогда без нет",
}
CRISIS = {
    "en": "lawyer lawsuit sue~ police poison injur hospital allerg racist racism "
    "sexist data~leak data~breach hacked food~poisoning recall newspaper journalist "
    "death",
    "de": "anwalt klage verklag polizei vergift verletz krankenhaus allerg rassis "
    "sexis datenleck gehackt rückruf zeitung journalist tod~",
    "es": "abogad demand policía intoxic envenen herid hospital alerg racis sexis "
    "filtración hackead periodista muert",
    "ru": "адвокат суд~ иск~ полици отрав травм больниц аллерг расис сексис утечк "
    "взлом журналист смерт роспотребнадзор",
}
COMPLAINT = {
    "en": "refund complain broken not~work never~arrived wrong~order return damaged "
    "cancel charged waiting~for",
    "de": "rückerstattung beschwer kaputt funktioniert~nicht nicht~angekommen falsch "
    "zurückgeben beschädigt stornier abgebucht warte~seit reklam",
    "es": "reembols queja roto rota no~funciona no~llegó no~ha~llegado equivocad "
    "devolver dañad cancelar cobrad reclam",
    "ru": "верните возврат жалоб сломан не~работает не~приш бракован поврежд отмен "
    "списали жду~уже претензи",
}
LEAD = {
    "en": "price cost how~much buy order where~can~i~get offer quote demo subscribe "
    "book~a interested sign~up",
    "de": "preis kostet kosten kaufen bestellen angebot abonnieren interesse "
    "interessier anmelden wo~bekomme",
    "es": "precio cuesta cuánto~vale comprar pedir~un oferta presupuesto suscrib "
    "interesad dónde~puedo",
    "ru": "цена стоит сколько~стоит купить заказать предложени подписат интересует "
    "где~можно оформить",
}
SPAM = {
    "en": "crypto bitcoin casino forex followers~for~free click~my~link earn~money "
    "work~from~home check~my~profile dm~me~to~earn viagra loan~offer",
    "de": "krypto bitcoin casino geld~verdienen gratis~follower kredit~sofort "
    "schau~mein~profil",
    "es": "cripto bitcoin casino gana~dinero seguidores~gratis préstamo~rápido "
    "mira~mi~perfil",
    "ru": "крипт биткоин казино заработ~в~интернете бесплатные~подписчики "
    "быстрый~кредит смотри~мой~профиль",
}
QUESTION = {
    "en": "who what when where why how which can~i do~you is~it are~you",
    "de": "wer was wann wo warum wie welche kann~ich habt~ihr gibt~es ist~das",
    "es": "quién qué cuándo dónde cómo cuál puedo tenéis tienen hay~",
    "ru": "кто что когда где почему как какой какая можно~ли есть~ли",
}
URGENT = {
    "en": "urgent immediately asap emergency right~now",
    "de": "dringend sofort~ notfall umgehend",
    "es": "urgente inmediatamente ya~mismo emergencia",
    "ru": "срочно немедленно экстренн",
}
# Small words that tell a language; none stands in two lists.
COMMON = {
    "en": "the and you is this with for have are my what how it's i",
    "de": "der die das und ich ist nicht mit für ein eine zu auf wir ihr den was wie "
    "viel kostet habe haben sie",
    "es": "el los las que y qué cuánto muy con para una por mi pero está del yo",
    "ru": "и в не на я что с это как вы мы но у за для",
}


@cache
def pattern(table: str, language: str) -> re.Pattern[str]:
    """
    The words of one table in one language, as beginnings of words.
    """
    words = _TABLES[table][language].split()
    parts = (_part(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})", re.IGNORECASE)


def _part(word: str) -> str:
    """
    A beginning; `~` is a blank, and at the end that the word ends there.
    """
    bare = re.escape(word.rstrip("~")).replace(r"\~", "~").replace("~", r"\s+")
    return rf"{bare}(?!\w)" if word.endswith("~") else bare


_TABLES = {
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "crisis": CRISIS,
    "complaint": COMPLAINT,
    "lead": LEAD,
    "spam": SPAM,
    "question": QUESTION,
    "urgent": URGENT,
}
