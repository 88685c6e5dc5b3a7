"""What stays in the catalogue of a record that is gone."""

from dataclasses import dataclass
from datetime import datetime

from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class Tombstone:
    """When a record was disposed of, and under which plan; ``mistake`` says why it should never have been taken in."""

    plan_id: str
    disposed_at: datetime
    mistake: str = ""

    def said(self, what: str | Message) -> Message:
        """Return the sentence that ``what``, a code or words for it, is gone: when, by which plan, and why it was a mistake."""
        called = message("{code} ", "{code}", code=what) if isinstance(what, str) else what
        told: dict[str, str | Message] = {
            "what": called,
            "day": self.disposed_at.astimezone().date().isoformat(),
            "plan": self.plan_id,
        }
        if not self.mistake:
            return message(
                "{what}已于 {day} 按计划 {plan} 销毁", "{what} was disposed of on {day} under the plan {plan}", **told
            )
        return message(
            "{what}属误接收，已于 {day} 按计划 {plan} 移除：{why}",
            "{what} was taken in by mistake and removed on {day} under the plan {plan}: {why}",
            **told,
            why=self.mistake,
        )
