"""What has been decided, by whom, when and why? Append-only and hash-chained."""

from schakel.register.event import Event
from schakel.register.judgement import Judgement, Standing, current, history, record, strategic, trail
from schakel.register.store import Register

__all__ = ["Event", "Judgement", "Register", "Standing", "current", "history", "record", "strategic", "trail"]
