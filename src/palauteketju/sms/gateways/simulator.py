"""The phone network of a demo: each number's messages in a file of its own, shown at /puhelin/.

Outside the database on purpose. What a phone has received is not in the county's hands, and nothing of it may be
found by looking there.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from palauteketju.sms.gateways.port import PermanentFailure, Sent

_NUMBER = re.compile(r"\+[0-9]{5,15}", re.ASCII)


@dataclass(frozen=True)
class Message:
    at: datetime
    sender: str
    text: str


@dataclass(frozen=True)
class Phone:
    """The newest message first."""

    number: str
    messages: tuple[Message, ...]


class SimulatorGateway:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, phone: str, text: str, *, sender: str) -> Sent:
        if not _NUMBER.fullmatch(phone):
            raise PermanentFailure("not_a_number")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The network has a clock of its own: a message arrives when it arrives.
        line = {"at": datetime.now(UTC).isoformat(), "sender": sender, "text": text}
        content = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        file = os.open(self._folder / f"{phone}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # One write to a file opened for appending: two processes' messages never mix.
            os.write(file, content)
        finally:
            os.close(file)
        return Sent(uuid4().hex)

    def phones(self, *, most: int) -> list[Phone]:
        """The phones that got a message last, the newest first."""
        files = sorted(self._folder.glob("+*.jsonl"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
        return [Phone(file.stem, _messages(file)) for file in files[:most]]


def _messages(file: Path) -> tuple[Message, ...]:
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    messages = [Message(datetime.fromisoformat(line["at"]), line["sender"], line["text"]) for line in lines]
    return tuple(reversed(messages))
