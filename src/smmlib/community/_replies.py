"""
First words of an answer, per topic and language: a start for people, never sent alone.
"""

# ruff: noqa: E501, RUF001 - whole sentences, and Russian letters are meant

from __future__ import annotations

from collections.abc import Mapping

from smmlib.community._triage import Topic

TEMPLATES: Mapping[str, Mapping[Topic, str]] = {
    "en": {
        Topic.LEAD: "Hello {name}, thank you for your interest in {brand}. What would help you most to decide?",
        Topic.QUESTION: "Hello {name}, good question, thank you. ",
        Topic.PRAISE: "Thank you, {name}! The whole team of {brand} is happy to read that.",
        Topic.COMPLAINT: "Hello {name}, we are sorry that this went wrong. Please send us your order number, so that we can put it right.",
        Topic.CRISIS: "Hello {name}, we take this seriously and are looking into it right now. Somebody from {brand} will contact you personally.",
        Topic.OTHER: "Hello {name}, thank you for writing to {brand}. ",
    },
    "de": {
        Topic.LEAD: "Hallo {name}, danke für dein Interesse an {brand}. Was hilft dir bei der Entscheidung am meisten?",
        Topic.QUESTION: "Hallo {name}, gute Frage, danke. ",
        Topic.PRAISE: "Danke, {name}! Das ganze Team von {brand} freut sich darüber.",
        Topic.COMPLAINT: "Hallo {name}, es tut uns leid, dass das schiefgegangen ist. Schick uns bitte deine Bestellnummer, damit wir es in Ordnung bringen.",
        Topic.CRISIS: "Hallo {name}, wir nehmen das ernst und gehen dem gerade nach. Jemand von {brand} meldet sich persönlich bei dir.",
        Topic.OTHER: "Hallo {name}, danke für deine Nachricht an {brand}. ",
    },
    "es": {
        Topic.LEAD: "Hola, {name}: gracias por tu interés en {brand}. ¿Qué te ayudaría más a decidirte?",
        Topic.QUESTION: "Hola, {name}: buena pregunta, gracias. ",
        Topic.PRAISE: "¡Gracias, {name}! Todo el equipo de {brand} se alegra de leerlo.",
        Topic.COMPLAINT: "Hola, {name}: sentimos que haya salido mal. Envíanos tu número de pedido, por favor, y lo arreglamos.",
        Topic.CRISIS: "Hola, {name}: nos lo tomamos en serio y lo estamos investigando ahora mismo. Alguien de {brand} te contactará personalmente.",
        Topic.OTHER: "Hola, {name}: gracias por escribir a {brand}. ",
    },
    "ru": {
        Topic.LEAD: "Здравствуйте, {name}! Спасибо за интерес к {brand}. Что поможет вам определиться?",
        Topic.QUESTION: "Здравствуйте, {name}! Спасибо за хороший вопрос. ",
        Topic.PRAISE: "Спасибо, {name}! Вся команда {brand} рада это читать.",
        Topic.COMPLAINT: "Здравствуйте, {name}! Нам жаль, что так вышло. Пришлите, пожалуйста, номер заказа, и мы всё исправим.",
        Topic.CRISIS: "Здравствуйте, {name}! Мы относимся к этому серьёзно и уже разбираемся. Сотрудник {brand} свяжется с вами лично.",
        Topic.OTHER: "Здравствуйте, {name}! Спасибо, что написали в {brand}. ",
    },
}
"""
Beginnings of answers; spam gets none.
"""


def draft(
    topic: Topic,
    language: str,
    *,
    name: str,
    brand: str,
    templates: Mapping[str, Mapping[Topic, str]] = TEMPLATES,
) -> str:
    """
    The first words of an answer; English where there are none in that language.

    What people call themselves is put in as it is, never read as a template.
    """
    texts = templates.get(language) or templates.get("en") or {}
    text = texts.get(topic, "")
    if not name:
        for mark in (", {name}", " {name}"):
            text = text.replace(mark, "")
    parts = text.split("{name}")
    return name.join(part.replace("{brand}", brand) for part in parts)
