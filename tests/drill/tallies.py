"""What a drill found."""

from dataclasses import dataclass, field


@dataclass
class Tally:
    figures: str = ""
    failures: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        return "\n".join([self.figures, *(f"  FAILED: {failure}" for failure in self.failures[:10])])
