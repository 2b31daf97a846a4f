"""Gunicorn: sensible defaults, and the sweep inside the web process where there is no worker."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "1" if os.environ.get("EMBEDDED_SWEEP") == "1" else "2"))
threads = int(os.environ.get("WEB_THREADS", "8" if workers == 1 else "1"))
worker_class = "gthread" if threads > 1 else "sync"
control_socket_disable = True
max_requests = 0
timeout = 60
accesslog = None


def post_worker_init(worker):
    from django.conf import settings

    if settings.EMBEDDED_SWEEP:
        from config import sweep

        sweep.start_thread()
