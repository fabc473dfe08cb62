import pytest
from pydantic import ValidationError

from cli.errors import Trouble, as_trouble
from cli.exits import Exit
from schemas import DatelineError
from store import StoreUnavailable
from workers.settings import Settings


def test_trouble_stays_what_it_is() -> None:
    trouble = Trouble("That is wrong.", "Do this.", Exit.MISSING)
    assert as_trouble(trouble) is trouble


def test_a_silent_store_is_unreachable_and_says_what_to_check() -> None:
    trouble = as_trouble(StoreUnavailable("The result store does not answer (X); check that Redis runs."))
    assert trouble.exit_code is Exit.UNREACHABLE
    assert trouble.message == "The result store does not answer (X)."
    assert trouble.next_step == "Check that Redis runs."


def test_a_setting_that_cannot_be_read_is_named_without_its_value() -> None:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate({"api_port": "hunter2"})
    trouble = as_trouble(error.value)
    assert trouble.exit_code is Exit.USAGE
    assert "DATELINE_API_PORT" in trouble.message
    assert "hunter2" not in trouble.message


def test_a_setting_is_told_in_our_words_only() -> None:
    with pytest.raises(ValidationError) as error:
        Settings(_env_file=None, redis_url="localhost")
    assert as_trouble(error.value).message.startswith(
        "The setting DATELINE_REDIS_URL is not valid: it has to look like"
    )


def test_every_error_of_dateline_is_told_as_it_is() -> None:
    assert as_trouble(DatelineError("So it is.")).message == "So it is."
