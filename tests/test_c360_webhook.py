"""Telling somebody outside never fails a run."""

import logging

import pytest

from c360.check_rules import Webhook
from c360.webhook import post

PATH = "bell-4711"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://127.0.0.1:9/{PATH}", "Connection refused"),
        (f"file:///etc/{PATH}", "its URL is not http or https"),
        (f"http://[::1/{PATH}", "ValueError"),
        (f"http://no such host/{PATH}", "InvalidURL"),
    ],
)
def test_what_goes_wrong_is_a_warning_that_does_not_tell_the_url(
    url: str, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("C360_WEBHOOK", url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    with caplog.at_level(logging.WARNING, logger="c360"):
        post(Webhook(env="C360_WEBHOOK"), {"event": "check_failed"})

    (line,) = caplog.messages
    assert line.startswith("the webhook of C360_WEBHOOK was not told")
    assert said in line
    assert PATH not in line


def test_without_a_url_nobody_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("C360_WEBHOOK", raising=False)

    post(Webhook(env="C360_WEBHOOK"), {})
    post(None, {})

    assert caplog.messages == []
