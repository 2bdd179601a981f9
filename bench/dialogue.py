"""What every citizen of the benchmark says, and how the answer to it must read.

It is the example poll (bot/example/poll.toml) in English. Whoever has answered begins again and
changes the answers: seven steps, each with one reply.
"""

import msgspec

CODE = "OZT-LIGHT"

#: First contact up to the first question, and the first time through the poll: ours only.
FIRST_CONTACT = (
    (f"/start {CODE}", "Which language"),
    ("english", "Your answers go to"),
    ("1", "How is the lighting"),
    ("2", "Where is it missing"),
    ("1 3", "How is safety"),
    ("4", "proposal"),
    ("More lamps near the school, please", "These are your answers"),
    ("1", "has been counted"),
    ("2", ""),
)

#: Said over and over.
ROUND = (
    (CODE, "You have answered this already"),
    ("1", "How is the lighting"),
    ("2", "Where is it missing"),
    ("1 3", "How is safety"),
    ("4", "proposal"),
    ("More lamps near the school, please", "These are your answers"),
    ("1", "has been changed"),
)

_encode = msgspec.json.Encoder().encode


def update(number: int, chat: int, text: str) -> bytes:
    """An update as Telegram posts it to a webhook: this person writes this text."""
    entities = (
        b',"entities":[{"offset":0,"length":6,"type":"bot_command"}]' if text[0] == "/" else b""
    )
    return (
        b'{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,'
        b'"first_name":"Fatima","last_name":"Z","username":"fatima_%d","language_code":"en"},'
        b'"chat":{"id":%d,"first_name":"Fatima","last_name":"Z","username":"fatima_%d",'
        b'"type":"private"},"date":1795000000,"text":%b%b}}'
        % (number, number, chat, chat, chat, chat, _encode(text), entities)
    )
