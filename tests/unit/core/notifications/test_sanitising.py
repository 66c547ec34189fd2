import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.notifications.policies.sanitising import escaped, unlinked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dr Smith", "Dr Smith"),
        ("J. Smith", "J. Smith"),
        ("3.50 or 10.5.1", "3.50 or 10.5.1"),
        ("evil.com", "evil. com"),
        ("www.evil-bank.co.uk!", "www. evil-bank. co. uk!"),
        ("see https://evil.com/a?b=c now", "see  now"),
        ("see evil.com/a now", "see  now"),
        ("HTTP://evil", ""),
    ],
)
def test_links(written, shown):
    assert unlinked(written) == shown


def test_marks():
    assert escaped("[a](b) *c* #d ^e `f` - g\n- h") == "\\[a\\]\\(b\\) \\*c\\* \\#d \\^e \\`f\\` - g\n\\- h"


@given(st.from_regex(r"[a-z]{1,5}://[^\s]+", fullmatch=True), st.sampled_from(["", "see ", "(", "é "]))
def test_no_url_stays(url, before):
    assert "://" not in unlinked(before + url)


@given(st.from_regex(r"([a-z0-9]{1,5}\.){1,3}[a-z]{2,4}", fullmatch=True))
def test_no_bare_domain_stays(domain):
    assert unlinked(domain) == domain.replace(".", ". ")
