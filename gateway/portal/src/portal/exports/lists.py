"""The lists that can be taken away as Excel."""

from collections.abc import Mapping

from portal.exports import catalog, notify, progress
from portal.exports.columns import Listed

LISTS: Mapping[str, Listed] = {**progress.LISTS, **catalog.LISTS, **notify.LISTS}
