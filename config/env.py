"""Everything the process reads from its environment, read once and checked.

A site served on plain http from this machine (the default, http://localhost:8000) is a trial: its two keys are made on
the first start and kept in ``DATA_DIR``. Any other site must be told everything, and refuses to start when it is not.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = {"localhost", "127.0.0.1"}


@dataclass(frozen=True)
class Environment:
    debug: bool
    site_url: str
    local: bool
    secret_key: str
    token_key: str
    allowed_hosts: list[str]
    data_dir: Path
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    from_email: str
    storage_dir: Path
    embedded_sweep: bool
    log_level: str
    behind_proxy: bool
    demo_password: str
    demo_login: bool
    second_factor_roles: frozenset[str]


@dataclass(frozen=True)
class Web:
    """What gunicorn asks before there are settings."""

    port: int
    workers: int
    threads: int


def web(source: Mapping[str, str] | None = None) -> Web:
    """How the pages are served. With the sweep inside the web process one process does it all, in threads.

    :raises ImproperlyConfigured: names the variable that is malformed.
    """
    env = _environ(source)
    workers = _count(env, "WEB_WORKERS", 1 if _bool(env, "EMBEDDED_SWEEP", False) else 2, least=1)
    threads = _count(env, "WEB_THREADS", 8 if workers == 1 else 1, least=1)
    return Web(port=_count(env, "PORT", 8000, least=1), workers=workers, threads=threads)


def _environ(source: Mapping[str, str] | None) -> environ.Env:
    env = environ.Env()
    env.ENVIRON = dict(os.environ if source is None else source)
    return env


def read(source: Mapping[str, str] | None = None) -> Environment:
    """Read and check the environment.

    :raises ImproperlyConfigured: names the variable that is missing or malformed and says what to set.
    """
    env = _environ(source)
    site_url = _site_url(env)
    parts = urlsplit(site_url)
    local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
    data_dir = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
    debug = _bool(env, "DEBUG", False)
    if debug and not local:
        raise ImproperlyConfigured("DEBUG may be on only when SITE_URL is http://localhost. Unset DEBUG.")
    secret_key = _key(env, "SECRET_KEY", local=local, data_dir=data_dir)
    token_key = _key(env, "TOKEN_KEY", local=local, data_dir=data_dir)
    if secret_key == token_key:
        raise ImproperlyConfigured(
            "TOKEN_KEY must differ from SECRET_KEY: one that leaks must not open both."
        )
    return Environment(
        debug=debug,
        site_url=site_url,
        local=local,
        secret_key=secret_key,
        token_key=token_key,
        allowed_hosts=_allowed_hosts(env, local=local, hostname=parts.hostname or ""),
        data_dir=data_dir,
        database=_database(env, data_dir=data_dir),
        redis_url=_redis_url(env),
        email=_email(env, local=local, data_dir=data_dir),
        from_email=env.str("FROM_EMAIL", default=f"Rembuk <rembuk@{parts.hostname}>"),
        storage_dir=_storage_dir(env, data_dir=data_dir),
        embedded_sweep=_bool(env, "EMBEDDED_SWEEP", False),
        log_level=_log_level(env),
        behind_proxy=_bool(env, "BEHIND_PROXY", False),
        demo_password=env.str("DEMO_PASSWORD", default="rembuk-demo"),
        # Everybody knows the password of the demo accounts: elsewhere than on a trial they stay shut unless asked.
        demo_login=_bool(env, "DEMO", local),
        second_factor_roles=_roles(env),
    )


def _roles(env: environ.Env) -> frozenset[str]:
    from accounts.choices import Role  # needs no settings, and no app that is loaded

    named = {name.strip().lower() for name in env.str("SECOND_FACTOR_ROLES", default="").split(",")} - {""}
    unknown = named - set(Role.values)
    if unknown:
        raise ImproperlyConfigured(
            f"SECOND_FACTOR_ROLES names roles that do not exist: {', '.join(sorted(unknown))}. "
            f"Use {', '.join(Role.values)}, separated by commas."
        )
    return frozenset(named)


def _bool(env: environ.Env, name: str, default: bool) -> bool:
    value = env.str(name, default="").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def _count(env: environ.Env, name: str, default: int, *, least: int = 0) -> int:
    value = env.str(name, default="").strip() or str(default)
    if not (value.isascii() and value.isdigit()) or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number such as {default}, not {value!r}.")
    return int(value)


def _log_level(env: environ.Env) -> str:
    value = env.str("LOG_LEVEL", default="INFO").upper()
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ImproperlyConfigured(
            f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {value!r}."
        )
    return value


def _site_url(env: environ.Env) -> str:
    value = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"SITE_URL must look like https://rembuk.example.go.id, not {value!r}.")
    return value


def _key(env: environ.Env, name: str, *, local: bool, data_dir: Path) -> str:
    path = env.str(f"{name}_FILE", default="")
    value = env.str(name, default="")
    if path:
        try:
            value = Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}.") from error
    if not value and local:
        value = _kept_key(data_dir / f"{name.lower()}")
    if not value:
        raise ImproperlyConfigured(
            f"{name} (or {name}_FILE) must be set: a random text of 50 characters or more."
        )
    if len(value) < 50 and not local:
        raise ImproperlyConfigured(f"{name} is too short: use a random text of 50 characters or more.")
    return value


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(60))
        except FileExistsError:
            pass
    return path.read_text().strip()


def _allowed_hosts(env: environ.Env, *, local: bool, hostname: str) -> list[str]:
    hosts = [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()]
    if hosts:
        if "*" in hosts:
            raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; * is refused.")
        return hosts
    if local:
        return ["localhost", "127.0.0.1", "[::1]"]
    raise ImproperlyConfigured(f"ALLOWED_HOSTS must be set, for example {hostname}.")


def _database(env: environ.Env, *, data_dir: Path) -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{data_dir / 'rembuk.sqlite3'}"
    if not url.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///.")
    try:
        config = dict(environ.Env.db_url_config(url))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:secret@host:5432/name."
        ) from error
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
        return _sqlite(config)
    return _postgresql(config, pool=_count(env, "DATABASE_POOL", 8))


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    path = Path(config["NAME"])
    if config["NAME"] != ":memory:":
        path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": config["NAME"],
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Without IMMEDIATE two writers that both began by reading fail with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;"
                "PRAGMA mmap_size=134217728;PRAGMA case_sensitive_like=OFF;"
            ),
        },
        # A file, not memory: the browser tests write from several threads.
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
    }


def _postgresql(config: dict[str, Any], *, pool: int) -> dict[str, Any]:
    own = dict(config.get("OPTIONS", {}))
    options: dict[str, Any] = {
        **own,
        "server_side_binding": True,
        "prepare_threshold": 1,
        # Short questions, many at once. A plan for any unit would suit none (one holds 40 partners, another 40,000), so
        # statements stay prepared and plans do not; starting parallel workers takes longer than most answers.
        # Those of the site come last, and win.
        "options": " ".join(
            [
                "-c jit=off",
                "-c statement_timeout=60000",
                "-c plan_cache_mode=force_custom_plan",
                "-c max_parallel_workers_per_gather=0",
                *filter(None, [own.get("options", "")]),
            ]
        ),
    }
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    return {
        **{key: value for key, value in config.items() if key not in {"OPTIONS", "CONN_MAX_AGE"}},
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def _redis_url(env: environ.Env) -> str:
    url = env.str("REDIS_URL", default="")
    if url and urlsplit(url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must look like redis://127.0.0.1:6379/0.")
    return url


def _email(env: environ.Env, *, local: bool, data_dir: Path) -> dict[str, Any]:
    url = env.str("EMAIL_URL", default="")
    if not url:
        if not local:
            raise ImproperlyConfigured(
                "EMAIL_URL must be set, for example smtp+tls://user:secret@mail.example:587."
            )
        # A trial site writes its letters to a folder instead of sending them.
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data_dir / "letters"),
        }
    try:
        config = dict(environ.Env.email_url_config(url))
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:secret@mail.example:587."
        ) from error
    allowed = {"EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"}
    allowed |= {"EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_FILE_PATH"}
    return {key: value for key, value in config.items() if key in allowed} | {"EMAIL_TIMEOUT": 20}


def _storage_dir(env: environ.Env, *, data_dir: Path) -> Path:
    url = env.str("STORAGE_URL", default="") or f"file://{data_dir / 'files'}"
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ImproperlyConfigured(
            "STORAGE_URL must be a folder of this machine or of its network, such as file:///srv/rembuk/files."
        )
    folder = Path(parts.path)
    for served in (data_dir / "static", BASE_DIR / "static"):
        if folder.resolve().is_relative_to(served):
            raise ImproperlyConfigured(
                f"STORAGE_URL must not lie in {served}: whatever is there, everybody may fetch."
            )
    return folder
