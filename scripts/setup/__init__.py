"""The modules behind scripts/setup.py: `pins` says what is fetched, `libtorch` which libtorch is used,
`cache` keeps whole items, `pip` fetches wheels, `run` is the command. Errors are `SetupError`."""


class SetupError(Exception):
    """What went wrong, in one line, and what to do about it."""

    def __init__(self, message, hint):
        super().__init__(message)
        self.hint = hint
