"""How every virus scanner behaves."""

from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.ports.virus_scanner import VirusScanner
from notify_core.testing.fakes.virus_scanner import EICAR


class VirusScannerContract:
    """Supply ``scanner``, one that knows the EICAR test file; where ``can_fail`` also :meth:`make_it_fail`."""

    #: Whether it looks at all.
    finds: ClassVar[bool] = True
    #: Whether something is on the other side that may be down.
    can_fail: ClassVar[bool] = True

    @pytest.fixture
    def scanner(self) -> VirusScanner:
        raise NotImplementedError

    def make_it_fail(self, scanner: VirusScanner) -> None:
        """From now on the scanner is not there."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        "content", [b"", b"a", b"%PDF-1.7 \0\xff", b"\0\0\0\0" * 4], ids=["empty", "a", "pdf", "zeros"]
    )
    def test_nothing_is_found_in_what_is_clean(self, scanner: VirusScanner, content: bytes) -> None:
        assert scanner.scan(content) is None

    def test_a_large_file(self, scanner: VirusScanner) -> None:
        assert scanner.scan(b"0123456789abcdef" * 200_000) is None

    def test_what_is_found_has_a_name(self, scanner: VirusScanner) -> None:
        found = scanner.scan(EICAR)
        assert bool(found and "eicar" in found.lower()) is self.finds

    def test_one_scan_says_nothing_of_the_next(self, scanner: VirusScanner) -> None:
        found = [scanner.scan(content) is not None for content in (EICAR, b"clean", EICAR, b"clean")]
        assert found == [self.finds, False, self.finds, False]

    def test_a_scanner_that_is_not_there_finds_nothing_clean(self, scanner: VirusScanner) -> None:
        if not self.can_fail:
            return
        self.make_it_fail(scanner)
        with pytest.raises(TransientError) as away:
            scanner.scan(b"clean")
        assert away.value.retry_after is not None
