"""The shared cache of a production site, and what stands in for it while it is away."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _steady(name: str) -> Callable[..., Any]:
    def method(self: "SteadyCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            log.warning("The cache does not answer, this process remembers alone: %s", error)
            return getattr(self.near, name)(*args, **kwargs)

    return method


class SteadyCache(RedisCache):
    """Redis or Valkey; while it does not answer, the memory of this process.

    Nothing but throttles and the keys of forms just sent live in the cache, so pages go on working, and a throttle then
    counts in each process apart instead of not at all. ``healthz`` asks the server itself and says that it is away.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.near = LocMemCache("near", {})

    add = _steady("add")
    get = _steady("get")
    set = _steady("set")
    touch = _steady("touch")
    delete = _steady("delete")
    get_many = _steady("get_many")
    has_key = _steady("has_key")
    incr = _steady("incr")
    set_many = _steady("set_many")
    delete_many = _steady("delete_many")
    clear = _steady("clear")
