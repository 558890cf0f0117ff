"""Settings are read once; what is wrong is said in one clear line that shows no secret."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, read

SECRET = "123456789:AAzq7-secret-000123"


Environment = Callable[..., Settings]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """Reads the settings with these in the environment and no others."""
    monkeypatch.chdir(tmp_path)

    def read_with(**settings: str) -> Settings:
        for name in Settings.model_fields:
            monkeypatch.delenv(f"BUREAU_{name.upper()}", raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(f"BUREAU_{name.upper()}", value)
        return read()

    return read_with


def test_nothing_need_be_set_to_look_around(given: Environment) -> None:
    settings = given()

    assert (settings.database_url, settings.timezone, settings.log, settings.admins) == (
        "sqlite:///bureau.db",
        "Europe/Sofia",
        "text",
        (),
    )


def test_every_setting_can_be_given(given: Environment) -> None:
    settings = given(
        token=SECRET,
        api_url="http://127.0.0.1:8081/",
        database_url="postgresql+asyncpg://bureau@/bureau",
        staff_chat="-1001000000001",
        admins="5000000004, 5000000005  6",
        key_file="/keys/bureau.key",
        webhook_url="https://bureau.example/updates",
        webhook_secret="a-Z_9" * 7,
        listen="[::1]:0",
        timezone="Asia/Kathmandu",
        log="json",
    )

    assert settings.bot_token == SECRET
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.staff_chat == -1001000000001
    assert settings.admins == (5000000004, 5000000005, 6)
    assert settings.key_file == Path("/keys/bureau.key")
    assert (settings.webhook_url, settings.listen) == ("https://bureau.example/updates", "[::1]:0")
    assert settings.secret == "a-Z_9" * 7


def test_they_may_stand_in_a_file(given: Environment, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BUREAU_STAFF_CHAT=-100\nBUREAU_LOG=json\n", encoding="utf-8")

    settings = given(log="text")

    assert (settings.staff_chat, settings.log) == (-100, "text")


def test_the_token_may_stand_in_a_file_of_its_own(given: Environment, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n", encoding="utf-8")

    assert given(token_file=str(tmp_path / "token")).bot_token == SECRET


WRONG = {
    "admins": ("BUREAU_ADMINS: ", "5000000004, maria"),
    "staff_chat": ("BUREAU_STAFF_CHAT: ", "the group"),
    "timezone": ("BUREAU_TIMEZONE: is no time zone, e.g. Europe/Sofia.", "Mars"),
    "api_url": ("BUREAU_API_URL: must begin with https://", "api.telegram.org"),
    "database_url": ("BUREAU_DATABASE_URL: must begin with sqlite://", "bureau.db"),
    "log": ("BUREAU_LOG: ", "loud"),
}


@pytest.mark.parametrize(("name", "said", "value"), [(one, *WRONG[one]) for one in WRONG])
def test_a_wrong_one_is_named_in_one_line(
    given: Environment, name: str, said: str, value: str
) -> None:
    with pytest.raises(SettingsError) as wrong:
        given(**{name: value})

    assert str(wrong.value).startswith(said)
    assert "\n" not in str(wrong.value)
    assert value not in str(wrong.value)


def test_all_wrong_ones_are_named_at_once(given: Environment) -> None:
    with pytest.raises(SettingsError) as wrong:
        given(timezone="Sofia", log="loud")

    assert ("BUREAU_TIMEZONE" in str(wrong.value), "BUREAU_LOG" in str(wrong.value)) == (True, True)


def test_one_we_do_not_know_is_named_with_those_we_know(
    given: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUREAU_TOKN", SECRET)

    with pytest.raises(SettingsError, match=r"Unknown settings: BUREAU_TOKN\. Known: BUREAU_"):
        given()


def test_one_we_do_not_know_in_the_file_is_named_too(given: Environment, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BUREAU_TOKN={SECRET}\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="BUREAU_TOKN") as wrong:
        given()

    assert SECRET not in str(wrong.value)


def test_what_belongs_to_others_is_none_of_our_business(
    given: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH_OF_BUREAU_X", "1")

    assert given().log == "text"


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "BUREAU_TOKEN is missing"), ({"token_file": "/no/such"}, "/no/such cannot be read")],
)
def test_a_missing_token_says_where_it_comes_from(
    given: Environment, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        _ = given(**settings).bot_token


def test_they_never_show_a_secret(given: Environment) -> None:
    settings = given(token=SECRET, webhook_secret="zq7-webhook-000123-" + "x" * 20)

    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"

    assert [one for one in (SECRET, "zq7") if one in shown] == []


WRONG_URLS = ("", "bureau.example", "http://bureau.example/", "http://127.0.0.1.bureau.example/")
WRONG_SECRETS = ("", " " * 40, "x" * 31, "x" * 257, "ъ" * 40, "x" * 39 + "\n", "x" * 39 + "!")
WRONG_PLACES = ("", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "a:-1", "a:٣")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("webhook_url", one) for one in WRONG_URLS),
        *(("webhook_secret", one) for one in WRONG_SECRETS),
        *(("listen", one) for one in WRONG_PLACES),
    ],
)
def test_a_webhook_that_strangers_could_use_or_nobody_reach_is_refused(
    given: Environment, name: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^BUREAU_{name.upper()}: must be"):
        given(**{name: value})


def test_on_our_own_machine_a_webhook_needs_no_certificate(given: Environment) -> None:
    assert given(webhook_url="http://127.0.0.1:8080/x").webhook_url == "http://127.0.0.1:8080/x"


def test_without_a_secret_there_is_no_webhook(given: Environment) -> None:
    with pytest.raises(SettingsError, match="BUREAU_WEBHOOK_SECRET is missing"):
        _ = given(webhook_url="https://bureau.example/").secret


def test_they_cannot_be_changed(given: Environment) -> None:
    settings = given()

    with pytest.raises(ValidationError):
        settings.log = "json"
