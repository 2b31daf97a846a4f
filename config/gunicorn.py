"""Gunicorn: sensible defaults, and the sweep inside the web process where there is no worker."""

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

    if settings.EMBEDDED_SWEEP:
        from config import sweep

        sweep.start_thread()
