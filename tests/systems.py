"""The systems that a run of the tests makes for itself: each starts while tests run that do not need it."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from deploy.local.instance import ROOT
from deploy.local.system import System, starting


class Systems:
    """Fresh ones by name, which is their folder below ``.run``."""

    def __init__(self) -> None:
        self._begun: dict[str, tuple[ExitStack, Callable[[], System]]] = {}
        self._changing = Lock()

    def begin(self, name: str, restored: Path | None = None) -> None:
        """With the data of a backup, if one is given. It waits for those begun before to be up: only then their ports
        are seen to be taken.
        """
        with self._changing:
            if name not in self._begun:
                for _, ready in self._begun.values():
                    ready()
                stack = ExitStack()
                self._begun[name] = stack, stack.enter_context(starting(ROOT / ".run" / name, restored))

    def ready(self, name: str) -> System:
        """Once it is up; begun now if it was not before."""
        self.begin(name)
        return self._begun[name][1]()

    def end(self, name: str) -> None:
        with self._changing:
            stack, _ = self._begun.pop(name)
        stack.close()

    def end_all(self) -> None:
        for name in [*self._begun]:
            self.end(name)
