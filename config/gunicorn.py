"""Gunicorn: sensible defaults, and the sweep inside the web process where there is no worker."""

import gc

from config import env

_web = env.web()
bind = f"127.0.0.1:{_web.port}"
workers = _web.workers
threads = _web.threads
worker_class = "gthread" if threads > 1 else "sync"
control_socket_disable = True
max_requests = 0
timeout = 60
accesslog = None


def post_worker_init(worker):
    from django.conf import settings
    from django.urls import get_resolver

    # What the first calls would load is loaded now, and then left alone: the collector would look through all of it
    # again and again, and what is made by the hundred, as for a batch from the door, makes it look often.
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

    if settings.EMBEDDED_SWEEP:
        from config import sweep

        sweep.start_thread()
