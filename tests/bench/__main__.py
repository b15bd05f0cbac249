"""Run the benchmarks: all of them, or those named."""

import sys
from collections.abc import Callable
from itertools import takewhile

from tests.bench import consolidation, coverage, registers, search, words

BENCHES: dict[str, Callable[[list[str]], None]] = {
    "consolidation": consolidation.main,
    "coverage": coverage.main,
    "registers": registers.main,
    "search": search.main,
    "words": words.main,
}


def main() -> None:
    """Run each benchmark named, or all, handing on the options that follow."""
    said = sys.argv[1:]
    names = list(takewhile(BENCHES.__contains__, said))
    options = said[len(names) :]
    if options and not options[0].startswith("-"):
        sys.exit(f"no benchmark {options[0]}: choose from {', '.join(BENCHES)}")
    for name in names or BENCHES:
        BENCHES[name](options)


if __name__ == "__main__":
    main()
