"""A few answers in four languages, enough to be told apart."""

from bot.office.finding import Finder, Text, build

ARTICLES = {
    "bank": {
        "en": ("Open a bank account", "how to open a bank account|the bank refuses me|debit card"),
        "bg": ("Банкова сметка", "как да открия сметка в банка|банката ми отказва|дебитна карта"),
        "ru": ("Счёт в банке", "как открыть счёт в банке|банк отказывает|дебетовая карта"),
        "ar": ("فتح حساب بنكي", "كيف أفتح حساب في البنك|البنك رفض|بدي بطاقة بنك"),
    },
    "school": {
        "en": ("School for children", "how can my son start school|which class|school in Sofia"),
        "bg": ("Училище за децата", "как да запиша сина си на училище|в кой клас|училище в София"),
        "ru": ("Школа для детей", "как записать сына в школу|в какой класс|школа в Софии"),
        "ar": ("مدرسة للأطفال", "كيف أسجل ابني في المدرسة|في أي صف|مدرسة في صوفيا"),
    },
    "doctor": {
        "en": ("Family doctor", "how do I choose a doctor|I am ill and have no doctor|GP Sofia"),
        "bg": ("Личен лекар", "как да избера личен лекар|болен съм и нямам лекар|джипи София"),
        "ru": ("Семейный врач", "как выбрать врача|я болен и у меня нет врача|врач София"),
        "ar": ("طبيب العائلة", "كيف أختار طبيب|أنا مريض وما عندي دكتور|طبيب في صوفيا"),
    },
    "smalltalk": {
        "en": ("", "hello|thank you|how is the weather|tell me a joke|who won the match"),
        "bg": ("", "здравей|благодаря|какво е времето|кажи виц|кой спечели мача"),
        "ru": ("", "привет|спасибо|какая погода|расскажи шутку|кто выиграл матч"),
        "ar": ("", "مرحبا|شكرا|كيف الطقس|احكي نكتة|مين ربح المباراة"),
    },
    "person": {
        "en": ("", "help|I need help|talk to a person|I have a question"),
        "bg": ("", "помощ|имам нужда от помощ|искам да говоря с човек|имам въпрос"),
        "ru": ("", "помогите|мне нужна помощь|хочу поговорить с человеком|у меня вопрос"),
        "ar": ("", "مساعدة|بدي مساعدة|بدي أحكي مع شخص|عندي سؤال"),
    },
}
BODIES = {"bank": "Bring your passport. A notary is not needed.", "school": "Ask the director."}


def texts() -> list[Text]:
    return [
        Text(
            language,
            code,
            title,
            tuple(phrasings.split("|")),
            BODIES.get(code, "") if language == "en" else "",
        )
        for code, spoken in ARTICLES.items()
        for language, (title, phrasings) in spoken.items()
    ]


def finder() -> Finder:
    return build(texts())
