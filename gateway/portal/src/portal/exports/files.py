"""Everything that can be taken away as a file: lists, and what is made as a whole."""

from collections.abc import Mapping

from portal.documents.making import DOCUMENTS
from portal.exports.columns import Listed
from portal.exports.lists import LISTS
from portal.exports.wholes import RESULTS, Whole

WHOLES: Mapping[str, Whole] = {**DOCUMENTS, **RESULTS}
FILES: Mapping[str, Listed | Whole] = {**LISTS, **WHOLES}
