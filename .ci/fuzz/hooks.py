"""Hooks of schemathesis: the token that an operation asks for, and lines of JSON, which it does not know."""

import json
import os

import schemathesis

TOKENS = json.loads(os.environ["ANNALS_FUZZ_TOKENS"])


@schemathesis.hook
def before_call(context, case, **kwargs):
    """No token holds every role: each request gets one with a role of `x-roles`."""
    roles = case.operation.definition.raw.get("x-roles", [])
    for holder in TOKENS:
        if not roles or set(roles) & set(holder["roles"]):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {holder['token']}"}
            return


@schemathesis.serializer("application/x-ndjson")
def one_line(context, value):
    return (json.dumps(value) + "\n").encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson")
def last_line(context, response):
    """Each line is of the one schema; where the answer broke off, the last is the one that would show it."""
    lines = [line for line in response.content.decode("utf-8").split("\n") if line]
    return json.loads(lines[-1])
