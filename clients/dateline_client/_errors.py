"""What can end a delivery. Each message ends with one next step."""


class ClientError(Exception):
    """The root of all of them. The articles that are still to be delivered are in ``Client.undelivered``."""


class GaveUp(ClientError):
    """The server stayed busy or out of reach for longer than ``patience``."""


class Refused(ClientError):
    """The server refuses the request itself: the key, the address, the form. Waiting does not help.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
