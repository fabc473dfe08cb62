"""What a trace shows of calls: one span each, under the article that the event is about."""

from dataclasses import dataclass

from schemas import CloudEvent, FeedEntry, Ref, Trace
from tasks.tracing import Kind, Span, Tracer, about, tracer_of
from workers.webhooks._schedule import Answer, Delivered


@dataclass(frozen=True, slots=True)
class Telling:
    """The calls for one entry of the feed to one endpoint."""

    tracer: Tracer
    trace: Trace
    """Of the article."""
    webhook: str
    entry: FeedEntry

    def begin(self) -> Span:
        """A call begins. It belongs to the article's trace whether that is recorded or not."""
        return tracer_of(self.trace, self.tracer).begin("webhook", self.trace, Kind.CLIENT)

    def end(self, span: Span, event: CloudEvent, answer: Answer, verdict: object, failed_before: int) -> None:
        """It has its answer. Neither the address nor the event's content are told."""
        known = about(Ref(self.entry.article_id, self.entry.revision)) | {
            "dateline.webhook_id": self.webhook,
            "dateline.event_id": event.id,
            "dateline.event_type": event.type.value,
            "dateline.attempt": failed_before + 1,
        }
        if answer.status is not None:
            known["http.response.status_code"] = answer.status
        span.end(known, error="" if isinstance(verdict, Delivered) else answer.told)
