"""The shell of the door: the same for everybody, whole when kept, and never in the way of its own next version."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from config.static import ModuleStorage
from events import door_files

SHELL = ("/door/", "/door/sw.js", "/door/manifest.webmanifest")
_IMPORT = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")


def kept_by(worker: str) -> list[str]:
    found = re.search(r"const FILES = (\[.*\]);", worker)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("path", SHELL)
def test_shell_is_the_same_for_everybody(client, sign_in, path):
    mine = sign_in("kubar").get(path)
    nobodys = client.get(path)

    assert mine.status_code == nobodys.status_code == 200
    assert mine.content == nobodys.content
    assert dict(nobodys.cookies) == dict(mine.cookies) == {}
    assert nobodys["Cache-Control"] == "public, no-cache"
    assert client.get(path, headers={"If-None-Match": nobodys["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", SHELL)
def test_shell_stays_what_it_is_on_a_phone_that_was_handed_over(sign_in, path):
    """A way to the password, kept by the worker, would be the door from then on."""
    client = sign_in("kubar")
    expected = client.get(path).content
    session = client.session
    session["handed_over_at"] = time.time()
    session.save()

    assert client.get("/mitra/").status_code == 302
    assert client.get(path).content == expected


def test_shell_asks_for_nothing_but_ours_and_compiles_what_the_reader_needs(client):
    policy = client.get("/door/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert parts["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert parts["connect-src"] == parts["worker-src"] == parts["manifest-src"] == "'self'"
    assert "'wasm-unsafe-eval'" not in client.get("/akun/masuk/")["Content-Security-Policy"]


def test_worker_keeps_every_file_that_the_page_may_ask_for(client):
    """Offline, one module that was forgotten is a page that does not open."""
    kept = kept_by(client.get("/door/sw.js").content.decode())
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/door/").content.decode()))
    for name in door_files.names():
        if name.endswith(".js") and name.startswith("door/"):
            folder = settings.BASE_DIR / "static" / "door"
            source = (folder / name.removeprefix("door/")).read_text()
            for address in _IMPORT.findall(source):
                asked.add(f"/static/{(folder / address).resolve().relative_to(settings.BASE_DIR / 'static')}")

    assert asked - set(kept) == set()
    assert {"/door/", "/door/manifest.webmanifest"} <= set(kept)
    assert [name for name in door_files.names() if finders.find(name) is None] == []
    assert not any(address.startswith("/api/") for address in kept)


def test_version_follows_the_words_the_files_and_the_worker(client, monkeypatch, settings):
    door_files._version.cache_clear()
    indonesian = client.get("/door/")["ETag"]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/door/")["ETag"] != indonesian
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]

    monkeypatch.setattr(door_files, "OTHERS", (*door_files.OTHERS, "app/app.js"))
    door_files.names.cache_clear()
    door_files._version.cache_clear()
    try:
        assert client.get("/door/")["ETag"] != indonesian
    finally:
        monkeypatch.undo()
        door_files.names.cache_clear()
        door_files._version.cache_clear()


def test_modules_name_one_another_by_their_hash(tmp_path):
    """Else a phone would mix the modules of two versions."""
    storage = ModuleStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(settings.BASE_DIR / "static")
    names = [name for name in door_files.names() if name.endswith(".js")]
    for name in names:
        with source.open(name) as content:
            storage.save(name, content)

    done = list(storage.post_process({name: (source, name) for name in names}))

    assert [name for name, _hashed, processed in done if isinstance(processed, Exception)] == []
    app = (tmp_path / storage.stored_name("door/app.js")).read_text()
    imports = _IMPORT.findall(app)
    assert len(imports) > 10
    assert [address for address in imports if not re.search(r"\.[0-9a-f]{12}\.js$", address)] == []
