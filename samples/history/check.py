"""Holds a replay against a signed head, without any code of Annals: python3 check.py HEAD FACTS

HEAD is what `annals history head --out` wrote, FACTS what `annals replay` printed. Tells whether the first facts of the replay are those
of the head. Needs nothing but Python; the signature of the head is for tools that know C2SP's signed notes.
"""

import base64
import hashlib
import json
import sys


def leaf(line: str) -> bytes:
    fact = json.loads(line)
    del fact["position"]
    # RFC 8785 for members with ASCII names and numbers that both languages write alike, as those of facts are
    text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, level by level: a node without a neighbour goes up as it is."""
    while len(leaves) > 1:
        pairs = [hashlib.sha256(b"\x01" + leaves[i] + leaves[i + 1]).digest() for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + (leaves[-1:] if len(leaves) % 2 else [])
    return leaves[0] if leaves else hashlib.sha256().digest()


def main(head: str, facts: str) -> int:
    with open(head, encoding="utf-8") as file:
        name, size, expected = file.read().split("\n")[:3]
    with open(facts, encoding="utf-8") as file:
        leaves = [leaf(line) for _, line in zip(range(int(size)), file)]
    if len(leaves) == int(size) and root(leaves) == base64.b64decode(expected):
        print(f"The first {size} facts of {facts} are those of this head of {name}.")
        return 0
    print(f"{facts} does not begin with the {size} facts of this head of {name}.")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
