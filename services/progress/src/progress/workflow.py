"""Things that go from state to state by steps: who may take which step, and where it leads. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from progress.lines.rules import NotNow, NotPermitted

State = TypeVar("State", bound=StrEnum)
Capacity = TypeVar("Capacity", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[State, Capacity, Action]):
    """``table`` says for each state and capacity the steps that may be taken, each with the state that it leads to.

    What is not in it, nobody may do. ``refusal`` is what people are told then.
    """

    table: Mapping[State, Mapping[Capacity, Mapping[Action, State]]]
    refusal: str

    def steps(self, state: State, capacity: Capacity) -> Mapping[Action, State]:
        return self.table[state].get(capacity, {})

    def ever(self, capacity: Capacity) -> set[Action]:
        """What the capacity may do in one state or another."""
        return {action for state in self.table for action in self.steps(state, capacity)}

    def permit(self, capacity: Capacity, action: Action) -> None:
        """Raises NotPermitted when the capacity may do this in no state."""
        if action not in self.ever(capacity):
            raise NotPermitted(f"您不能对{self.refusal}进行此操作。")

    def after(self, state: State, capacity: Capacity, action: Action) -> State:
        """The state that the step leads to. Raises NotPermitted, or NotNow when it may not be taken in this state."""
        self.permit(capacity, action)
        steps = self.steps(state, capacity)
        if action not in steps:
            raise NotNow(f"{self.refusal}在目前状态下不能进行此操作。")
        return steps[action]

    def rights(self) -> dict[str, list[Action]]:
        """The steps by ``<capacity>/<state>``."""
        return {f"{capacity}/{state}": list(steps) for state, capacity, steps in self.rows()}

    def rows(self) -> Iterator[tuple[State, Capacity, Mapping[Action, State]]]:
        for state, capacities in self.table.items():
            for capacity, steps in capacities.items():
                yield state, capacity, steps

    def waiting_for(self, capacity: Capacity, *moves: Action) -> list[State]:
        """The states in which the capacity may take one of these steps."""
        return [state for state in self.table if not self.steps(state, capacity).keys().isdisjoint(moves)]
