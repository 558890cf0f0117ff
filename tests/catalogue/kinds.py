"""One update of every kind there is, with a canary wherever people could have written something."""

from tests.catalogue.inbound import CANARY, OLENA, Raw

GROUP = {"id": -100_777, "type": "supergroup", "title": CANARY}
CHAT = {"id": OLENA, "type": "private", "first_name": CANARY}
PERSON = {"id": OLENA, "is_bot": False, "first_name": CANARY, "language_code": "uk"}
BOT = {"id": 1, "is_bot": True, "first_name": CANARY}
PHOTO = {"file_id": CANARY, "file_unique_id": "u", "width": 1, "height": 1}
DATE = 1_796_000_000
WORDS = {"message_id": 9000, "date": DATE, "chat": CHAT, "from": PERSON, "text": CANARY}
IN_GROUP = {**WORDS, "chat": GROUP}
ORDER = {"currency": "EUR", "total_amount": 1, "invoice_payload": CANARY}
ADDRESS = {
    "country_code": "BG",
    "state": "",
    "city": CANARY,
    "street_line1": CANARY,
    "street_line2": "",
    "post_code": "1000",
}
MEMBER = {"status": "member", "user": PERSON}
CHANGE = {
    "chat": GROUP,
    "from": PERSON,
    "date": DATE,
    "old_chat_member": {"status": "left", "user": PERSON},
    "new_chat_member": MEMBER,
}
BOOST = {
    "boost_id": CANARY,
    "add_date": DATE,
    "expiration_date": DATE + 1,
    "source": {"source": "premium", "user": PERSON},
}
OPTION = {"persistent_id": "1", "text": CANARY, "voter_count": 0}
POLL = {
    "id": "1",
    "question": CANARY,
    "options": [OPTION],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
REACTED = {"chat": GROUP, "message_id": 1, "date": DATE}
THUMB = {"type": "emoji", "emoji": "👍"}

OF_ALL_KINDS: dict[str, Raw] = {
    "message": IN_GROUP,
    "edited_message": {**IN_GROUP, "edit_date": DATE},
    "channel_post": {**IN_GROUP, "chat": {**GROUP, "type": "channel"}},
    "edited_channel_post": {**IN_GROUP, "chat": {**GROUP, "type": "channel"}, "edit_date": DATE},
    "business_connection": {
        "id": CANARY,
        "user": PERSON,
        "user_chat_id": OLENA,
        "date": DATE,
        "is_enabled": True,
    },
    "business_message": {**WORDS, "business_connection_id": CANARY},
    "edited_business_message": {**WORDS, "business_connection_id": CANARY, "edit_date": DATE},
    "deleted_business_messages": {
        "business_connection_id": CANARY,
        "chat": CHAT,
        "message_ids": [1, 2],
    },
    "guest_message": {**WORDS, "guest_query_id": CANARY},
    "message_reaction": {
        **REACTED,
        "user": PERSON,
        "old_reaction": [],
        "new_reaction": [THUMB],
    },
    "message_reaction_count": {**REACTED, "reactions": [{"type": THUMB, "total_count": 1}]},
    "inline_query": {"id": "1", "from": PERSON, "query": CANARY, "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": PERSON, "query": CANARY},
    "callback_query": {
        "id": "1",
        "from": PERSON,
        "chat_instance": "1",
        "data": CANARY,
        "message": {"message_id": 1, "date": 0, "chat": GROUP},
    },
    "shipping_query": {
        "id": "1",
        "from": PERSON,
        "invoice_payload": CANARY,
        "shipping_address": ADDRESS,
    },
    "pre_checkout_query": {"id": "1", "from": PERSON, **ORDER},
    "purchased_paid_media": {"from": PERSON, "paid_media_payload": CANARY},
    "poll": POLL,
    "poll_answer": {
        "poll_id": "1",
        "user": PERSON,
        "option_ids": [0],
        "option_persistent_ids": ["1"],
    },
    "my_chat_member": {**CHANGE, "new_chat_member": {"status": "left", "user": BOT}},
    "chat_member": CHANGE,
    "chat_join_request": {"chat": GROUP, "from": PERSON, "user_chat_id": OLENA, "date": DATE},
    "chat_boost": {"chat": GROUP, "boost": BOOST},
    "removed_chat_boost": {
        "chat": GROUP,
        "boost_id": CANARY,
        "remove_date": DATE,
        "source": {"source": "gift_code", "user": PERSON},
    },
    "managed_bot": {"user": PERSON, "bot": BOT},
    "subscription": {"user": PERSON, "invoice_payload": CANARY, "state": "active"},
    "stopped_message_generation": {"chat": CHAT, "user": PERSON, "draft_id": 1},
}
