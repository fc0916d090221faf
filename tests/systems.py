"""The systems that a run of the tests makes for itself: each starts while tests run that do not need it."""

from collections.abc import Callable
from contextlib import ExitStack

from deploy.local.instance import ROOT
from deploy.local.system import System, starting


class Systems:
    """Fresh ones by name, which is their folder below ``.run``."""

    def __init__(self) -> None:
        self._begun: dict[str, tuple[ExitStack, Callable[[], System]]] = {}

    def begin(self, name: str) -> None:
        if name not in self._begun:
            stack = ExitStack()
            self._begun[name] = stack, stack.enter_context(starting(ROOT / ".run" / name))

    def ready(self, name: str) -> System:
        """Once it is up; begun now if it was not before."""
        self.begin(name)
        return self._begun[name][1]()

    def end(self, name: str) -> None:
        stack, _ = self._begun.pop(name)
        stack.close()

    def end_all(self) -> None:
        for name in [*self._begun]:
            self.end(name)
