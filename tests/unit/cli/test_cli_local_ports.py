import socket

import pytest

from cli.errors import Trouble
from cli.local.ports import LOOPBACK, free_port, require_free


def test_a_port_in_use_is_named_with_the_setting_that_changes_it() -> None:
    with socket.socket() as holder:
        holder.bind((LOOPBACK, 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(Trouble, match=str(port)) as trouble:
            require_free(port, "the API", "DATELINE_API_PORT")
    assert "DATELINE_API_PORT" in trouble.value.next_step


def test_a_free_port_is_free() -> None:
    port = free_port()
    assert require_free(port, "it", "setting") == port
