"""Firehose: the delivery streams that caches deliver their logs to.

Nothing is delivered, as moto's streams keep no records; what is kept is whether a delivery has a stream to go to. One
whose stream is deleted is in error until there is a stream of that name again.
"""

from __future__ import annotations

import functools
from typing import Any, Final

_DETAILS: Final = "KinesisFirehoseDetails"


@functools.cache
def install() -> None:
    """Have a log delivery tell when its stream is deleted."""
    from moto.firehose.models import FirehoseBackend

    create, delete = FirehoseBackend.create_delivery_stream, FirehoseBackend.delete_delivery_stream

    def create_and_tell(self: Any, *stream: Any, **settings: Any) -> str:
        arn: str = create(self, *stream, **settings)
        _tell(self, arn.rpartition("/")[2], exists=True)
        return arn

    def delete_and_tell(self: Any, delivery_stream_name: str) -> None:
        delete(self, delivery_stream_name)
        _tell(self, delivery_stream_name, exists=False)

    FirehoseBackend.create_delivery_stream = create_and_tell
    FirehoseBackend.delete_delivery_stream = delete_and_tell


def _tell(firehose: Any, name: str, *, exists: bool) -> None:
    from cachewright_offline.cloud import carrier
    from cachewright_offline.cloud.services import log_delivery

    state = carrier.elasticache_state(firehose.account_id, firehose.region_name)
    if state is None:
        return
    state.settle()
    for _, delivery, details in log_delivery.deliveries(state, _DETAILS):
        if details["DeliveryStream"] == name:
            log_delivery.tell(delivery, None if exists else f"The delivery stream {name} does not exist.")
