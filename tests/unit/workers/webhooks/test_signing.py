import time
from datetime import UTC, datetime

import pytest
import standardwebhooks

from workers.webhooks._signing import headers, signature

SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_it_is_what_the_reference_library_signs() -> None:
    at, body = datetime(2026, 11, 12, 8, 30, tzinfo=UTC), '{"event": "ping"}'
    expected = standardwebhooks.Webhook(SECRET).sign("1794472201000-0", at, body)
    assert signature(SECRET, "1794472201000-0", int(at.timestamp()), body.encode()) == expected


def test_both_secrets_verify_while_one_is_replaced() -> None:
    body = '{"text": "Rīga"}'.encode()
    sent = headers([SECRET, OTHER], "1794472201000-0", int(time.time()), body)
    for secret in (SECRET, OTHER):
        assert standardwebhooks.Webhook(secret).verify(body, sent) == {"text": "Rīga"}
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(OTHER).verify(body, headers([SECRET], "1-0", int(time.time()), body))
