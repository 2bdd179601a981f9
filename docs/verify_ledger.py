"""Check a council's published ledger: python3 verify_ledger.py ledger.jsonl [HEAD]

Needs Python 3 and nothing else. Each line holds an entry and the head after it; every head must be
sha256(previous head, a line break, the entry). If HEAD is given (as the council published it), it must
be one of the heads: then nothing before it has been changed, left out or put in since.
"""

import hashlib
import json
import sys


def check(lines, published=None):
    """Return the number of entries and the last head. Raises ValueError where the chain breaks."""
    head, seen = "0" * 64, set()
    number = 0
    for number, line in enumerate(lines, 1):
        record = json.loads(line)
        head = hashlib.sha256(f"{head}\n{record['entry']}".encode()).hexdigest()
        if record["number"] != number or record["head"] != head:
            raise ValueError(f"entry {number} does not follow from the one before it")
        seen.add(head)
    if published is not None and published not in seen:
        raise ValueError(f"the published head {published} is not in this ledger")
    return number, head


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            count, last = check(file, *sys.argv[2:])
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"NOT IN ORDER: {error}")
    print(f"In order: {count} entries, head {last}")
