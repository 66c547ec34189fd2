"""Making few simple polygons of many drawn points, while nobody waits. Source: broadcasts.md, section 7 no. 7."""

from dataclasses import dataclass, replace

from notify_core.broadcasts.model import BroadcastMessage, Polygon, Revision
from notify_core.broadcasts.ports import BroadcastsWork, PolygonSmoother
from notify_core.broadcasts.states import RevisionStatus
from notify_core.broadcasts.tasks import SimplifyBroadcastAreas
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class SimplifyAreas:
    """The task ``simplify-broadcast-areas``. Areas that were drawn anew meanwhile, or that nobody needs any more,
    are left alone.

    :raises NotFound: no such message or revision.
    :raises PolygonRefused: they were not checked when they came.
    :raises Conflict: somebody changed the message, or decided the revision, just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    smoother: PolygonSmoother

    def __call__(self, task: SimplifyBroadcastAreas, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            waits = _waiting(work, task)
        polygons = () if waits is None else self.smoother.smooth(waits.drawn_polygons or ())
        with self.work() as work:
            if waits is not None:
                self._put(work, waits, polygons)
            work.finish(claim)
            work.commit()

    def _put(self, work: BroadcastsWork, waits: BroadcastMessage | Revision, polygons: tuple[Polygon, ...]) -> None:
        if isinstance(waits, Revision):
            work.broadcast_revisions.change(waits, replace(waits, simple_polygons=polygons, drawn_polygons=None))
        else:
            # Touched: whoever read it before and writes it now would put the drawn ones back.
            now = self.clock.now()
            becomes = replace(waits, simple_polygons=polygons, drawn_polygons=None, updated_at=now)
            work.broadcast_messages.change(waits, becomes)


def _waiting(work: BroadcastsWork, task: SimplifyBroadcastAreas) -> BroadcastMessage | Revision | None:
    if task.revision_id is None:
        message = work.broadcast_messages.get(task.broadcast_message_id)
        return None if message.drawn_polygons is None else message
    revision = work.broadcast_revisions.get(task.revision_id, task.broadcast_message_id)
    is_pending = revision.status is RevisionStatus.PENDING_APPROVAL
    return revision if is_pending and revision.drawn_polygons is not None else None
