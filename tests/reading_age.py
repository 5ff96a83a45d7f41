#!/usr/bin/env python3
"""How old one must be to read our public pages: the Flesch-Kincaid grade of every sentence in the templates, plus 5.

Usage: tests/reading_age.py [folder ...]     lists the worst ten sentences; fails if the whole is over 11.

What a page puts in (names, dates, counts) counts as one short word; code, tables of data and what only screen readers
hear are left out. Syllables are counted by the rules of thumb that most such tools share, so a sentence may be a year
off; the whole is not.
"""

import html
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PUBLIC = ["templates/public", "templates/booking", "templates/leader", "templates/attendee", "templates/sign_in",
          "templates/private_calendar", "templates/my_data"]
OLDEST = 11.0
BLOCKS = r"</?(p|li|h[1-6]|div|section|td|th|dt|dd|summary|label|legend|button|ul|ol|option|small|details|article|br|a class=\"btn)\b[^>]*>"


def syllables(word):
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1
    word = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", lambda m: m.group(0)[0], word)
    word = re.sub(r"^y", "", word)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", word)))


def text_of(source):
    """The blocks of text a page shows."""
    source = re.sub(r"(?s)\{#.*?#\}", " ", source)
    source = re.sub(r"(?s)<(code|svg|script|title|style)\b.*?</\1>", " ", source)
    source = re.sub(r'(?s)<span class="vh">.*?</span>', " ", source)
    source = re.sub(r"(?s)\{%.*?%\}", " | ", source)
    source = re.sub(r"(?s)\{\{.*?\}\}", "Leeds", source)
    source = re.sub(BLOCKS, "\n\n", source)
    source = html.unescape(re.sub(r"(?s)<[^>]*>", " ", source)).replace("|", " ")
    return [" ".join(block.split()) for block in re.split(r"\n\s*\n", source)]


def sentences(block):
    for sentence in re.split(r"(?<=[.!?:])\s+", block):
        words = re.findall(r"[A-Za-z][A-Za-z'’-]*", sentence)
        if len(words) >= 4:
            yield sentence, words


def age(words, count):
    """Flesch-Kincaid grade, which is a year at an American school, plus 5."""
    return 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59 + 5


def main():
    folders = sys.argv[1:] or PUBLIC
    found, every = {}, []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.html")):
            for block in text_of(path.read_text(encoding="utf-8")):
                for sentence, words in sentences(block):
                    found[sentence] = (age(words, 1), path.relative_to(ROOT))
                    every.append(words)
    whole = age([word for words in every for word in words], len(every))
    for sentence, (years, path) in sorted(found.items(), key=lambda one: -one[1][0])[:10]:
        print(f"{years:5.1f}  {path}: {sentence}")
    print(f"Reading age of {len(every)} sentences: {whole:.1f} (at most {OLDEST:.0f})")
    return 0 if whole <= OLDEST else 1


if __name__ == "__main__":
    sys.exit(main())
