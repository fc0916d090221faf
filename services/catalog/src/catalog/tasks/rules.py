"""Full-text search in Chinese without a dictionary: every pair of neighbouring characters is a word.

A text of n characters gives the bigrams at 1..n-1 and its last character alone at n, so that a phrase of any
length, one character included, is found wherever it stands, and nowhere else.
"""

import unicodedata

MOUTH_RADICAL = "\u2f1c"
QUOTES = dict.fromkeys(map(ord, "“”‘’\"'「」『』"))


def fold(text: str) -> str:
    """The text as it is searched: compatibility forms and case folded, quotes and white space dropped.

    U+2F1C stands for 口 in notices that were copied from PDF, not for 又 as Unicode has it.
    """
    plain = unicodedata.normalize("NFKC", text.replace(MOUTH_RADICAL, "口")).casefold()
    return "".join(plain.translate(QUOTES).split())


def vector(*texts: str) -> str:
    """The ``tsvector`` literal of several texts; no phrase is found across their borders."""
    lexemes: list[str] = []
    position = 1
    for text in texts:
        folded = fold(text)
        for start in range(len(folded)):
            lexemes.append(f"{_quoted(folded[start : start + 2])}:{position + start}")
        position += len(folded) + 1
    return " ".join(lexemes)


def query(q: str) -> str | None:
    """The ``tsquery`` literal that demands each of the phrases that white space separates.

    None when nothing is left to search for.
    """
    phrases = [phrase for phrase in map(fold, q.split()) if phrase]
    return " & ".join(_phrase(phrase) for phrase in phrases) or None


def _phrase(phrase: str) -> str:
    if len(phrase) == 1:
        return f"{_quoted(phrase)}:*"
    pairs = [_quoted(phrase[start : start + 2]) for start in range(len(phrase) - 1)]
    return "(" + " <-> ".join(pairs) + ")"


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
