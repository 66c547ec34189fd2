"""A worker that dies between two commits."""


class Died(BaseException):
    """The end of a process."""


class DyingWork:
    """Units of work of which so many may still be committed."""

    def __init__(self, work, left):
        self._work, self._left = work, left

    def __call__(self, *, read_only=False):
        work = self._work(read_only=read_only)
        commit = work.commit

        def counted():
            if self._left == 0:
                raise Died
            self._left -= 1
            commit()

        work.commit = counted
        return work
