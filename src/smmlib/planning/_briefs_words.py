"""
Labels of briefs and calendars in the reader's language, numbers and days in theirs.

Days and numbers follow CLDR's long date and decimal formats for English, German,
Spanish and Russian with their larger regions; another locale gets ISO days and plain
numbers, which nobody can misread.
"""

# One row per label reads better than wrapped rows, and Russian letters are meant.
# ruff: noqa: E501, RUF001

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from smmlib.errors import Issue, ValidationError

if TYPE_CHECKING:
    from smmlib.model import Money

LANGUAGES = ("en", "de", "es", "ru")

_LABELS = """
brief|Brief|Briefing|Brief|Бриф
about|The project|Das Projekt|El proyecto|Проект
brand|Brand|Marke|Marca|Бренд
advertiser|Advertiser|Werbetreibender|Anunciante|Рекламодатель
project|Project|Projekt|Proyecto|Проект
objective|Objective|Ziel|Objetivo|Цель
flight|Runs|Laufzeit|Periodo|Период
idea|The idea|Die Idee|La idea|Идея
for|For|Für|Para|Для
due|Due|Fällig am|Fecha límite|Срок
no_date|no date yet|noch kein Termin|sin fecha|срок не назначен
version|Version of the plan|Version des Plans|Versión del plan|Версия плана
task|What is wanted|Was gebraucht wird|Qué se necesita|Что нужно сделать
goals|Goals|Ziele|Objetivos medibles|Показатели
until|until|bis|hasta|до
voice|Brand voice|Tonalität|Tono de la marca|Голос бренда
do|Wanted|Erwünscht|Se desea|Желательно
dont|Not wanted|Unerwünscht|Se evita|Нежелательно
colours|Colours|Farben|Colores|Цвета
fonts|Fonts|Schriften|Tipografías|Шрифты
audience|Who should see it|Zielgruppe|Público|Аудитория
ages|Ages|Alter|Edad|Возраст
and_older|and older|und älter|o más|и старше
places|Places|Orte|Lugares|География
interests|Interests|Interessen|Intereses|Интересы
professions|Professions|Berufe|Profesiones|Профессии
languages|Languages|Sprachen|Idiomas|Языки
items|Pieces|Stücke|Piezas|Материалы
shown_on|Shown on|Erscheint auf|Aparece en|Где показывается
text|Text|Text|Texto|Текст
headline|Headline|Überschrift|Título|Заголовок
description|Description|Beschreibung|Descripción|Описание
button|Button|Schaltfläche|Botón|Кнопка
link|Link|Link|Enlace|Ссылка
image|Picture|Bild|Imagen|Изображение
film|Film|Video|Vídeo|Видео
cards|Cards|Karten|Tarjetas|Карточки
card_headline|Headline of a card|Überschrift einer Karte|Título de tarjeta|Заголовок карточки
card_description|Description of a card|Beschreibung einer Karte|Descripción de tarjeta|Описание карточки
specs|Technical requirements|Technische Vorgaben|Requisitos técnicos|Технические требования
post|Post|Beitrag|Publicación|Пост
caption|Post with media|Beitrag mit Medien|Publicación con medios|Пост с медиа
at_most|at most|höchstens|como máximo|не более
shown|shown before it is folded|sichtbar vor dem Umbruch|visible antes de plegarse|видно до сворачивания
rule_480|at most 480 characters before "Show more"|höchstens 480 Zeichen vor „Mehr anzeigen“|como máximo 480 caracteres antes de «Ver más»|не более 480 знаков до «Показать ещё»
characters|characters|Zeichen|caracteres|знаков
weighted characters|weighted characters|gewichtete Zeichen|caracteres ponderados|взвешенных знаков
utf16|UTF-16 units|UTF-16-Einheiten|unidades UTF-16|единиц UTF-16
recommended|recommended|empfohlen|recomendado|рекомендуется
formats|Types|Formate|Formatos|Форматы
best|Best size|Beste Größe|Tamaño ideal|Лучший размер
least|At least|Mindestens|Como mínimo|Минимум
most|At most|Höchstens|Como máximo|Максимум
ratio|Ratio|Seitenverhältnis|Proporción|Соотношение сторон
size|File|Datei|Archivo|Файл
length|Length|Länge|Duración|Длительность
keep_free|Keep free of words|Frei von Text halten|Sin texto en|Без текста
above|above|oben|arriba|сверху
below|below|unten|abajo|снизу
count|Number|Anzahl|Cantidad|Количество
to|to|bis|a|до
buttons|Buttons to choose from|Mögliche Schaltflächen|Botones disponibles|Доступные кнопки
links|Links with UTM|Links mit UTM|Enlaces con UTM|Ссылки с UTM
ad|Ad|Anzeige|Anuncio|Объявление
campaigns|Campaigns|Kampagnen|Campañas|Кампании
posts|Posts|Beiträge|Publicaciones|Посты
partners|Arranged by hand|Von Hand gebucht|Gestionado a mano|Размещения вручную
budget|Budget|Budget|Presupuesto|Бюджет
cost|Cost|Kosten|Coste|Стоимость
per_day|a day|pro Tag|al día|в день
requirements|Also|Außerdem|Además|Также
approvals|Approvals|Freigaben|Aprobaciones|Согласования
approved|approved|freigegeben|aprobado|согласовано
changes_wanted|changes wanted|Änderungen gewünscht|cambios pedidos|нужны правки
rejected|rejected|abgelehnt|rechazado|отклонено
waiting|waiting for|wartet auf|pendiente de|ожидает
older_version|for an older version|für eine ältere Version|de una versión anterior|для прежней версии
nobody|nobody yet|noch niemand|nadie aún|пока никто
smm|SMM|SMM|SMM|SMM
targetologist|Targetologist|Targetologe|Especialista en segmentación|Таргетолог
copywriter|Copywriter|Texter|Redactor|Копирайтер
editor|Editor|Redakteur|Editor|Редактор
translator|Translator|Übersetzer|Traductor|Переводчик
designer|Designer|Designer|Diseñador|Дизайнер
video|Video|Video|Vídeo|Видео
pr|PR|PR|Relaciones públicas|PR
content_manager|Content manager|Content-Manager|Gestor de contenidos|Контент-менеджер
head_of_department|Head of department|Abteilungsleitung|Jefe de departamento|Руководитель отдела
client|Client|Kunde|Cliente|Клиент
"""


def _table() -> dict[str, dict[str, str]]:
    rows = (line.split("|") for line in _LABELS.strip().splitlines())
    return {key: dict(zip(LANGUAGES, words, strict=True)) for key, *words in rows}


_MONTHS = {
    "en": "January February March April May June July August September October "
    "November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November "
    "Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября "
    "декабря",
}
_DAYS = {
    "en": "{day} {month} {year}",
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "ru": "{day} {month} {year}\N{NO-BREAK SPACE}г.",
}
_AMERICAN = "{month} {day}, {year}"
_COMMA_POINT = (",", ".")
_POINT_COMMA = (".", ",")
_NUMBERS = {
    "en": _COMMA_POINT,
    "de": _POINT_COMMA,
    "es": _POINT_COMMA,
    "ru": ("\N{NO-BREAK SPACE}", ","),
    "de-CH": ("\N{RIGHT SINGLE QUOTATION MARK}", "."),
    "de-LI": ("\N{RIGHT SINGLE QUOTATION MARK}", "."),
    **dict.fromkeys(
        "es-MX es-US es-PE es-GT es-HN es-NI es-PA es-PR es-SV es-DO".split(),
        _COMMA_POINT,
    ),
    "en-ZA": ("\N{NO-BREAK SPACE}", ","),
}
# Spanish writes 1234,56 and 12.345,67: no mark for four digits.
_FOUR_PLAIN = frozenset({"es"})
_FOUR_DIGITS = 4


@attrs.frozen
class Wording:
    """
    The words, days and numbers one reader expects.

    Attributes:
        language: Language of the labels: `en`, `de`, `es` or `ru`.
        locale: Whose days and numbers, as BCP 47 tag such as `de-AT`.
    """

    language: str = "en"
    locale: str = "en-GB"
    _table: dict[str, dict[str, str]] = attrs.field(
        factory=_table, init=False, repr=False, eq=False
    )

    def __getitem__(self, key: str) -> str:
        return self._table[key][self.language]

    def role(self, key: str) -> str:
        """
        What somebody does, in the reader's language.
        """
        return self[key]

    def day(self, value: date) -> str:
        """
        A day as the locale writes it.
        """
        language, _, region = self.locale.partition("-")
        pattern = _AMERICAN if (language, region) in _MONTH_FIRST else None
        pattern = pattern or _DAYS.get(language)
        if pattern is None:
            return value.isoformat()[:10]
        month = _MONTHS[language].split()[value.month - 1]
        if region == "AT" and month == "Januar":
            month = "Jänner"
        return pattern.format(day=value.day, month=month, year=value.year)

    def moment(self, value: datetime) -> str:
        """
        A day with its wall time.
        """
        return f"{self.day(value)}, {value:%H:%M}"

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """
        A number with the locale's marks.
        """
        language = self.locale.partition("-")[0]
        found = _NUMBERS.get(self.locale) or _NUMBERS.get(language)
        thousands, point = found or ("", ".")
        text = f"{value:,.{places}f}"
        whole, _, rest = text.partition(".")
        digits = whole.lstrip("-").replace(",", "")
        plain = self.locale in _FOUR_PLAIN or self.locale == "es-ES"
        if plain and len(digits) == _FOUR_DIGITS:
            thousands = ""
        whole = whole.replace(",", thousands)
        return f"{whole}{point}{rest}" if rest else whole

    def money(self, value: Money) -> str:
        """
        An amount with its currency.
        """
        places = max(0, -int(value.amount.as_tuple().exponent))
        return f"{self.number(value.amount, places)}\N{NO-BREAK SPACE}{value.currency}"

    def quantity(self, value: Decimal) -> str:
        """
        A number with as many decimals as it has.
        """
        plain = value.normalize()
        return self.number(plain, max(0, -int(plain.as_tuple().exponent)))


_MONTH_FIRST = {("en", "US"), ("en", "")}


def wording(language: str, locale: str = "") -> Wording:
    """
    The words and formats of one reader.

    Args:
        language: BCP 47 tag; its language chooses the labels.
        locale: Whose days and numbers; the language's own when left out.

    Raises:
        ValidationError: There are no labels in this language.
    """
    base = language.replace("_", "-").partition("-")[0].casefold()
    if base not in LANGUAGES:
        issue = Issue(
            "language",
            "language.unknown",
            f"there are no labels in {language!r}",
            value=language,
            limit=", ".join(LANGUAGES),
            hint="choose one of them; dates and numbers take any locale=",
        )
        raise ValidationError([issue])
    tag = (locale or language).replace("_", "-")
    lingua, _, region = tag.partition("-")
    tidy = f"{lingua.casefold()}-{region.upper()}" if region else lingua.casefold()
    return Wording(base, "en-GB" if tidy == "en" else tidy)
