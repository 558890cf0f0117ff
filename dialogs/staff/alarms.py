"""What coordinators are warned of: what happened, what still works, what to do."""

from bot.desk import Desk
from bot.screen import Screen, delivers, paragraphs


@delivers("alarm")
async def alarm(desk: Desk, code: str) -> Screen | None:
    """In plain words; an alarm that only another release knows is left out."""
    words = _words(desk, code)
    return Screen(paragraphs(*words)) if words else None


def _words(desk: Desk, code: str) -> list[str]:
    match code:
        case "group_unreachable":
            return _group_unreachable(desk)
        case "long_silence":
            return _long_silence(desk)
        case "webhook_gone":
            return _webhook_gone(desk)
        case "updates_set_aside":
            return _updates_set_aside(desk)
        case "token_refused":
            return _token_refused(desk)
        case _:
            return []


def _group_unreachable(desk: Desk) -> list[str]:
    return [
        desk.say("⚠️ <b>The bot cannot write to the staff group.</b>"),
        desk.say(
            "Visitors can still book and ask. The cards for the group are kept and come when the"
            " bot may write there again."
        ),
        desk.say(
            "Please look in the settings of the group: is the bot a member, and may it send"
            " messages?"
        ),
    ]


def _long_silence(desk: Desk) -> list[str]:
    return [
        desk.say("⚠️ <b>Telegram told the bot to send nothing for more than an hour.</b>"),
        desk.say(
            "What visitors book and write is received. Confirmations, reminders and answers are"
            " kept and leave as soon as Telegram allows it."
        ),
        desk.say("Please tell the person who runs the bot."),
    ]


def _webhook_gone(desk: Desk) -> list[str]:
    return [
        desk.say("⚠️ <b>Telegram was told to bring messages somewhere else.</b>"),
        desk.say(
            "The bot has given Telegram the right address again. What visitors wrote meanwhile"
            " comes now; buttons they pressed may need a second press."
        ),
        desk.say(
            "Please tell the person who runs the bot: perhaps a second copy of the bot is running."
        ),
    ]


def _updates_set_aside(desk: Desk) -> list[str]:
    return [
        desk.say("⚠️ <b>The bot failed several times at something a visitor wrote or pressed.</b>"),
        desk.say(
            "It was set aside, and the visitor was asked to try again. Everything else works, and"
            " nothing booked is lost."
        ),
        desk.say("Please tell the person who runs the bot: its log says what failed."),
    ]


def _token_refused(desk: Desk) -> list[str]:
    return [
        desk.say("⚠️ <b>Telegram did not accept the bot's key (token).</b>"),
        desk.say(
            "Until there is a valid key the bot neither hears nor says anything. What is booked is"
            " safe, and what is waiting is sent then."
        ),
        desk.say("Please ask the person who runs the bot whether the key was changed on purpose."),
    ]
