"""Sealed fields of rows: which column, which row; the keys travel with the session."""

import json
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import CaseMessage, Delivery, KeptQuestion, Staff, Visitor
from storage.vault import Vault


def vault_of(session: AsyncSession) -> Vault:
    return cast("Vault", session.info["vault"])


def set_chat(session: AsyncSession, person: Visitor | Staff, chat_id: int | None) -> None:
    """Keep a chat id (a private chat has the person's own), or forget it."""
    column = f"{person.__tablename__}.chat"
    person.chat = (
        None if chat_id is None else vault_of(session).seal(column, person.key, str(chat_id))
    )


def chat_of(session: AsyncSession, person: Visitor | Staff) -> int | None:
    if person.chat is None:
        return None
    return int(vault_of(session).open(f"{person.__tablename__}.chat", person.key, person.chat))


def set_name(session: AsyncSession, person: Visitor | Staff, name: str | None) -> None:
    column = f"{person.__tablename__}.name"
    person.name = None if name is None else vault_of(session).seal(column, person.key, name)


def name_of(session: AsyncSession, person: Visitor | Staff) -> str | None:
    if person.name is None:
        return None
    return vault_of(session).open(f"{person.__tablename__}.name", person.key, person.name)


def seal_draft(session: AsyncSession, key: str, content: dict[str, Any]) -> bytes:
    return vault_of(session).seal("drafts.content", key, json.dumps(content))


def open_draft(session: AsyncSession, key: str, content: bytes) -> dict[str, Any]:
    opened = vault_of(session).open("drafts.content", key, content)
    return cast("dict[str, Any]", json.loads(opened))


def seal_params(session: AsyncSession, key: str, params: dict[str, Any]) -> bytes:
    return vault_of(session).seal("deliveries.params", key, json.dumps(params))


def params_of(session: AsyncSession, delivery: Delivery) -> dict[str, Any]:
    if delivery.params is None:
        return {}
    opened = vault_of(session).open("deliveries.params", delivery.key, delivery.params)
    return cast("dict[str, Any]", json.loads(opened))


def seal_words(session: AsyncSession, seal_row: str, content: str) -> bytes:
    return vault_of(session).seal("case_messages.content", seal_row, content)


def words_of(session: AsyncSession, message: CaseMessage) -> str:
    return vault_of(session).open("case_messages.content", message.seal_row, message.content)


def seal_question(session: AsyncSession, seal_row: str, content: str) -> bytes:
    return vault_of(session).seal("kept_questions.content", seal_row, content)


def question_of(session: AsyncSession, kept: KeptQuestion) -> str:
    return vault_of(session).open("kept_questions.content", kept.seal_row, kept.content)
