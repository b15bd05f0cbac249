"""Run the benchmarks: all of them, or those named."""

import sys
from collections.abc import Callable
from itertools import takewhile

from tests.bench import consolidation

BENCHES: dict[str, Callable[[list[str]], None]] = {
    "consolidation": consolidation.main,
}


def main() -> None:
    """Run each benchmark named, or all, handing on the options that follow."""
    words = sys.argv[1:]
    names = list(takewhile(BENCHES.__contains__, words))
    options = words[len(names) :]
    if options and not options[0].startswith("-"):
        sys.exit(f"no benchmark {options[0]}: choose from {', '.join(BENCHES)}")
    for name in names or BENCHES:
        BENCHES[name](options)


if __name__ == "__main__":
    main()
