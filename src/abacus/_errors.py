"""What can be wrong, in words a person can act on."""


class AbacusError(Exception):
    """What every error of this package has in common."""


class InputError(AbacusError):
    """A row of what was given is wrong; `row` counts from 0 in the order given, None when no one row is to blame."""

    def __init__(self, message: str, *, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


class TreeError(InputError):
    """An edge of the tree is wrong."""


class MeasureError(InputError):
    """A measure is wrong."""


class ValuesError(InputError):
    """A value is wrong."""


class PeriodError(InputError):
    """An output period is wrong."""


class RefusedError(AbacusError):
    """The question is clear, but no honest figure answers it."""


class TooLargeError(AbacusError):
    """A figure has more digits than the 38 a column can hold."""


class FileError(AbacusError):
    """A file is wrong; the message begins with its name and line."""
