"""Messages of Telegram that are more than a text: albums, and what is written in a topic."""

from typing import Any

from tests.emulators.telegram_api import says


def album(number: int, *captions: str, group: str = "album-1") -> list[dict[str, Any]]:
    """Updates: this person sends photos that were chosen together, each with its caption or none."""
    return [
        says(
            number,
            media_group_id=group,
            photo=[{"file_id": f"{group}-{place}", "width": 1, "height": 1, "file_size": 104}],
            **({"caption": caption} if caption else {}),
        )
        for place, caption in enumerate(captions)
    ]


def in_topic(update: dict[str, Any], thread: int) -> dict[str, Any]:
    """The same update, in a topic of the chat."""
    content = update.get("message") or update["callback_query"]["message"]
    content |= {"message_thread_id": thread, "is_topic_message": True}
    return update
