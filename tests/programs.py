"""``python -m tests.programs`` brings into the cache what a run of the tests needs from Maven and npm, side by side."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from deploy.local import artifacts
from deploy.local.instance import Instance
from tests.browser import program
from tests.contract import asyncapi


def main() -> None:
    cache = Instance.here().cache_dir
    os.environ["ZP_CACHE_DIR"] = str(cache)
    bring: list[Callable[[], object]] = [partial(artifacts.main, "keycloak"), partial(artifacts.main, "kafka")]
    bring += [partial(program.bring, cache), partial(asyncapi.bring, cache)]
    with ThreadPoolExecutor() as pool:
        for brought in [pool.submit(each) for each in bring]:
            brought.result()


if __name__ == "__main__":
    main()
