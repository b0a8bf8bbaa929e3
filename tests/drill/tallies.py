"""What a drill found."""

from dataclasses import dataclass, field


@dataclass
class Tally:
    figures: str = ""
    failures: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.failures

    @property
    def but_late(self) -> list[str]:
        """The failures but for those that end with "only": a busy machine brings them about, and the drill judges."""
        return [failure for failure in self.failures if not failure.endswith("only")]

    def __str__(self) -> str:
        return "\n".join([self.figures, *(f"  FAILED: {failure}" for failure in self.failures[:10])])
