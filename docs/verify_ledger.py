"""Check a council's ledger against what it published: python3 verify_ledger.py ledger.jsonl [WHAT ...]

Needs Python 3 and nothing else. Each line of the ledger holds an entry and the head after it; every head must be
sha256(previous head, a line break, the entry). WHAT is what somebody noted outside, as often as there is any:

    HEAD            a head: 64 digits. It must be one of the heads
    council.json    the public data of the council, as they were saved once: their head is in it, signed, and what
                    they say of results and decisions
    result.json     the final result of a consultation (/results/CODE.json), saved as it came, byte for byte
    audit=FILE      the council's audit log (tachawor audit): its rows must be those that the ledger has the digest of
    key=KEY         the council's public key as you know it: every signature must be made with it
    CODE=NUMBER     so many signatures of a petition must stand at least, by the ledger

Without something noted outside a ledger that was written anew as a whole is in order, too. With a head of before
it is not: then nothing before that head has been changed, left out or put in since.
"""

import datetime
import hashlib
import json
import re
import sys

# Ed25519, RFC 8032, section 5.1: only what checking a signature takes.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _x_of(y, sign):
    """The x of a point with this y. Raises ValueError where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return P - x if x % 2 != sign else x


def _point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = _x_of(y, sign)
    return x, y, 1, x * y % P


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_x_of(BASE_Y, 0), BASE_Y, 1, _x_of(BASE_Y, 0) * BASE_Y % P)


def signed(key, text, signature):
    """Whether the signature (hex) of the text was made with the key (hex)."""
    try:
        raw_key, raw = bytes.fromhex(key), bytes.fromhex(signature)
        if len(raw_key) != 32 or len(raw) != 64:
            return False
        public, r = _point(raw_key), _point(raw[:32])
    except ValueError:
        return False
    s = int.from_bytes(raw[32:], "little")
    if s >= ORDER:
        return False
    digest = hashlib.sha512(raw[:32] + raw_key + text.encode()).digest()
    right = _add(r, _times(int.from_bytes(digest, "little") % ORDER, public))
    left = _times(s, BASE)
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P
        or (left[1] * right[2] - right[1] * left[2]) % P
    )


def check(lines):
    """The heads by number (0 is before the first entry) and the entries. Raises ValueError where the chain breaks."""
    heads, entries = ["0" * 64], []
    for number, line in enumerate((line for line in lines if line.strip()), 1):
        record = json.loads(line)
        head = hashlib.sha256(f"{heads[-1]}\n{record['entry']}".encode()).hexdigest()
        if record["number"] != number or record["head"] != head:
            raise ValueError(f"entry {number} does not follow from the one before it")
        heads.append(head)
        entries.append(json.loads(record["entry"]))
    return heads, entries


def _named(entry):
    """What an entry calls a signature: its mark, or in older entries the digest of its card."""
    return entry["mark"] if "mark" in entry else entry["digest"]


def standing(entries):
    """How many signatures of each petition stand by the entries: one for a card."""
    cards = {}
    for entry in entries:
        of = cards.setdefault(entry["petition"], set()) if "petition" in entry else set()
        what = entry.get("what")
        if what in ("signature", "valid again"):
            of.add(_named(entry))
        elif what == "invalid" or (what in ("withdrawn", "erased") and "stays" not in entry):
            of.discard(_named(entry))
    return {code: len(of) for code, of in cards.items()}


def check_data(data, heads, key):
    """Whether the head in a council's public data is signed and in the ledger. Raises ValueError."""
    told = data["ledger"]
    if told is None:
        print(
            "The data hold no head: the ledger had no entry of an earlier day, and nothing is checked by them."
        )
        return
    code = data["council"]["code"]
    said = f"tachawor ledger head 1\n{code}\n{told['head']}\n{told['day']}\n"
    if key is not None and told["key"] != key:
        raise ValueError(f"the data are signed with another key: {told['key']}")
    if not signed(told["key"], said, told["signature"]):
        raise ValueError("the signature of the head in the data is not right")
    if told["head"] not in heads[1:]:
        raise ValueError(f"the head that was published on {told['day']} is not in this ledger")


def _of(entries, what, code):
    """The digests in the entries of one sort about a consultation."""
    return [e["sha256"] for e in entries if e["what"] == what and e.get("code") == code]


def check_said(data, entries):
    """Whether results and decisions in a council's public data are those of the ledger. Raises ValueError."""
    begins = min((e["at"] for e in entries if e["what"] == "decision"), default=None)
    for closed in data["closed"]:
        code, digest = closed["code"], closed.get("sha256")
        results = _of(entries, "result", code)
        if digest is not None and results and digest not in results:
            raise ValueError(f"{code}: the result in the data is not one of the ledger's")
        if digest is not None and not results:
            print(f"{code}: the ledger was written before there was this result: not checked.")
        decisions = _of(entries, "decision", code)
        for decision in closed["decisions"]:
            said = {"day": decision["day"], "texts": decision["texts"]}
            plain = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if hashlib.sha256(plain.encode()).hexdigest() in decisions:
                continue
            noted = datetime.datetime.fromisoformat(decision["noted_at"]).timestamp() * 1000
            # The moment in the data has no part of a second.
            if begins is None or noted + 1000 <= begins or noted > entries[-1]["at"]:
                print(
                    f"{code}: a decision is older than such entries, or newer than this ledger: not checked."
                )
            else:
                raise ValueError(f"{code}: a decision in the data is not one of the ledger's")


def check_audit(raw, entries):
    """Whether the rows of an audit log are those of the ledger. Raises ValueError."""
    rows = [
        (json.loads(line)["id"], line) for line in raw.splitlines(keepends=True) if line.strip()
    ]
    if [id for id, _ in rows] != sorted({id for id, _ in rows}):
        raise ValueError("the rows of the audit log are not in order, or one stands twice")
    up_to, day = 0, ""
    for entry in (e for e in entries if e["what"] == "audit"):
        if int(entry["after"]) != up_to:
            raise ValueError(
                f"the ledger's entry of the audit log of {entry['day']} does not follow the one before"
            )
        up_to, day = int(entry["before"]), entry["day"]
        within = b"".join(line for id, line in rows if int(entry["after"]) <= id < up_to)
        if hashlib.sha256(within).hexdigest() != entry["sha256"]:
            raise ValueError(
                f"the audit log from the entry before to the beginning of {day} is not the one of that time"
            )
    newer = sum(1 for id, _ in rows if id >= up_to)
    print(
        f"The audit log is in order up to the beginning of {day or '- (no entry yet)'}; {newer} rows are newer"
    )


def check_result(raw, code, entries):
    """Whether a file is the final result of a consultation. Raises ValueError."""
    results, digest = _of(entries, "result", code), hashlib.sha256(raw).hexdigest()
    if digest not in results:
        raise ValueError(f"{code}: the ledger has another result, or none: {digest} is not in it")
    if digest == results[-1]:
        print(f"{code}: this is the final result")
    else:
        print(f"{code}: this was the final result once; the ledger has a later one, {results[-1]}")


def main(words):
    """Check. Raises ValueError, KeyError, OSError."""
    with open(words[0], encoding="utf-8-sig") as file:
        heads, entries = check(file)
    stand = standing(entries)
    key = next((word[4:].lower() for word in words if word.startswith("key=")), None)
    for word in words[1:]:
        if word.startswith("key="):
            continue
        if word.startswith("audit="):
            with open(word[6:], "rb") as file:
                check_audit(file.read(), entries)
            continue
        counted = re.fullmatch("(.+)=([0-9]+)", word)
        if counted:
            code, number = counted.groups()
            if stand.get(code, 0) < int(number):
                raise ValueError(f"{code}: {stand.get(code, 0)} signatures stand, not {number}")
        elif re.fullmatch("[0-9a-f]{64}", word):
            if word not in heads:
                raise ValueError(f"the published head {word} is not in this ledger")
        else:
            with open(word, "rb") as file:
                raw = file.read()
            try:
                data = json.loads(raw.decode("utf-8-sig"))
            except ValueError as error:
                # A page instead of its data, a download that was cut off: the ledger is not to blame.
                sys.exit(f"NOT CHECKED: {word} is no whole JSON file: {error}")
            if "result" in data:
                check_result(raw, data["result"], entries)
            else:
                check_data(data, heads, key)
                check_said(data, entries)
    for code, number in sorted(stand.items()):
        print(f"{code}: {number} signatures stand")
    print(f"In order: {len(entries)} entries, head {heads[-1]}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1:])
    except OSError as error:
        # Nothing is said of the ledger by a name that was mistyped.
        sys.exit(f"NOT CHECKED: {error}")
    except (ValueError, KeyError, TypeError) as error:
        sys.exit(f"NOT IN ORDER: {error}")
