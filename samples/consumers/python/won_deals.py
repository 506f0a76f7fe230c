"""Which customers bought for how much? Sums of won deals by customer and currency, from the topics in Kafka.

It shows what a consumer has to do without a kit: each event once, in the order of its stream, what fails put aside with
everything of its stream behind it, and personal fields opened by the server.

    python won_deals.py                      reads until SIGTERM
    python won_deals.py release <stream>     handles again what was put aside

KAFKA_BROKERS, ANNALS_URL, ANNALS_TOKEN (role opener), ANNALS_TENANT, TOPIC_PREFIX, DATABASE
"""

import json
import os
import signal
import sqlite3
import sys
import time
import urllib.request

from kafka import KafkaConsumer
from kafka.structs import OffsetAndMetadata

URL = os.environ.get("ANNALS_URL", "http://127.0.0.1:7070")
TOKEN = os.environ.get("ANNALS_TOKEN", "")
TENANT = os.environ.get("ANNALS_TENANT", "main")
PREFIX = os.environ.get("TOPIC_PREFIX", "annals")
ATTEMPTS = 5
TABLES = """
CREATE TABLE IF NOT EXISTS inbox (stream TEXT PRIMARY KEY, revision INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letter (
  stream TEXT, revision INTEGER, event TEXT NOT NULL, error TEXT, PRIMARY KEY (stream, revision));
CREATE TABLE IF NOT EXISTS customer (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS won (deal TEXT PRIMARY KEY, customer TEXT, amount INTEGER NOT NULL, currency TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS board AS
  SELECT customer.name, currency, SUM(amount) AS amount, COUNT(*) AS deals
  FROM won LEFT JOIN customer ON customer.id = won.customer GROUP BY customer.name, currency;
"""


class Unavailable(Exception):
    """Tried again for as long as it takes; the event is not to blame."""


def opened(*values):
    """The values in the open, None for those of an erased person. The server records what was opened."""
    body = json.dumps({"values": values, "purpose": "won-deals"}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{URL}/v1/keys/open", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            answers = json.load(response)["values"]
    except OSError as error:
        raise Unavailable(f"keys/open: {error}") from error
    if any("invalid" in answer for answer in answers):
        raise ValueError("a sealed value cannot be opened")
    return [answer.get("value") for answer in answers]


def handle(database, event):
    data = event["data"]
    if event["type"] == "CustomerRegistered":
        database.execute("INSERT INTO customer VALUES (?, ?)", (data["customerId"], *opened(data["name"])))
    elif event["type"] == "CustomerErased":
        database.executemany("UPDATE customer SET name = NULL WHERE id = ?", [(person,) for person in data["persons"]])
    elif event["type"] == "OpportunityWon":
        deal = (data["opportunityId"], data.get("customerId"), data["amount"], data["currency"])
        database.execute("INSERT OR REPLACE INTO won VALUES (?, ?, ?, ?)", deal)
    elif event["type"] == "OpportunityReopened":
        database.execute("DELETE FROM won WHERE deal = ?", (data["opportunityId"],))


def once(database, event, error=None):
    """The work and the note that it was done are one transaction. With an error the event is put aside instead."""
    stream, revision = event["subject"], event["annalsrevision"]
    with database:
        database.execute("BEGIN IMMEDIATE")
        seen = database.execute("SELECT revision FROM inbox WHERE stream = ?", (stream,)).fetchone()
        if seen and revision <= seen[0]:
            return
        waits = database.execute("SELECT 1 FROM dead_letter WHERE stream = ?", (stream,)).fetchone()
        if waits or error:
            letter = (stream, revision, json.dumps(event), error)
            database.execute("INSERT INTO dead_letter VALUES (?, ?, ?, ?)", letter)
        else:
            handle(database, event)
        database.execute("INSERT OR REPLACE INTO inbox VALUES (?, ?)", (stream, revision))


def deal_with(database, event):
    pause, failures = 0.2, 0
    while True:
        try:
            return once(database, event)
        except Unavailable as error:
            print(error, file=sys.stderr)
        except Exception as error:  # whatever a handler throws
            failures += 1
            if failures == ATTEMPTS:
                return once(database, event, f"{type(error).__name__}: {error}")
        time.sleep(pause)
        pause = min(pause * 2, 30)


def release(database, stream):
    for revision, text in database.execute(
        "SELECT revision, event FROM dead_letter WHERE stream = ? ORDER BY revision", (stream,)
    ).fetchall():
        with database:
            database.execute("BEGIN IMMEDIATE")
            handle(database, json.loads(text))
            database.execute("DELETE FROM dead_letter WHERE stream = ? AND revision = ?", (stream, revision))


def read(database):
    running = True

    def stop(*_):
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    consumer = KafkaConsumer(
        bootstrap_servers=os.environ.get("KAFKA_BROKERS", "127.0.0.1:9092").split(","),
        group_id=f"{PREFIX}-won-deals",
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        # a topic is made with its first fact
        metadata_max_age_ms=2_000,
    )
    consumer.subscribe(pattern=rf"^{PREFIX}\.{TENANT}\.(customer|opportunity)$")
    while running:
        for partition, records in consumer.poll(timeout_ms=500, max_records=200).items():
            for record in records:
                deal_with(database, json.loads(record.value))
            consumer.commit({partition: OffsetAndMetadata(records[-1].offset + 1, "", -1)})
    consumer.close()


if __name__ == "__main__":
    connection = sqlite3.connect(os.environ.get("DATABASE", "won-deals.db"), isolation_level=None)
    connection.executescript(TABLES)
    if sys.argv[1:2] == ["release"]:
        release(connection, sys.argv[2])
    else:
        read(connection)
    connection.close()
