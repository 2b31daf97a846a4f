# shellcheck shell=bash
# Sourced by the other scripts: finds Python, makes .venv, installs the pinned requirements once.
# shellcheck disable=SC2034

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"
VENV="$ROOT/.venv"
PY="$VENV/bin/python"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONUNBUFFERED=1

say() { printf '%s\n' "$@"; }

stop() {
    { printf '\n'; printf '%s\n' "$@"; } >&2
    exit 1
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# Sets BASE_PYTHON to the first Python of at least 3.11; PYTHON names one that is not on the PATH.
find_python() {
    local name seen=""
    for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        command -v "$name" >/dev/null 2>&1 || continue
        if is_recent "$name"; then
            BASE_PYTHON="$(command -v "$name")"
            return
        fi
        seen="${seen:-$name is $("$name" --version 2>&1 | tail -n 1)}"
    done
    stop "Rembuk needs Python 3.11 or newer, and ${seen:-no Python was found on this machine}." \
        "Install it (on Debian 12 or Ubuntu 24.04: apt install python3 python3-venv)," \
        "or name one that is not on the PATH: PYTHON=/opt/python3.11/bin/python3 script/run"
}

# Debian ships Python without ensurepip; as root we can add it, anyone else is told how.
ensure_venv_module() {
    "$BASE_PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    local version package
    version="$("$BASE_PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    package="python$version-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Python's venv module is missing; installing $package ..."
        if apt_install "$package" || apt_install python3-venv; then
            "$BASE_PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
        fi
    fi
    stop "Python $version was found ($BASE_PYTHON), but its venv module is missing." \
        "Install it (on Debian or Ubuntu: apt install python3-venv) and start again."
}

apt_install() {
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } \
        >"${TMPDIR:-/tmp}/rembuk-apt.$$" 2>&1 && rm -f "${TMPDIR:-/tmp}/rembuk-apt.$$" && return
    tail -n 3 "${TMPDIR:-/tmp}/rembuk-apt.$$" >&2
    rm -f "${TMPDIR:-/tmp}/rembuk-apt.$$"
    return 1
}

make_venv() {
    # A .venv that was moved or copied keeps the old path inside: its console scripts would run elsewhere.
    if [ -x "$PY" ] && is_recent "$PY" && [ "$("$PY" -c 'import sys; print(sys.prefix)')" -ef "$VENV" ] \
        && "$PY" -c 'import pip' >/dev/null 2>&1; then
        return
    fi
    find_python
    ensure_venv_module
    say "Making .venv with $("$BASE_PYTHON" --version 2>&1) ..."
    "$BASE_PYTHON" -m venv --clear "$VENV" || stop "Could not make .venv in $ROOT (is the folder writable, the disk full?)."
}

hash_of() { "$PY" -c 'import hashlib, sys; print(hashlib.sha256(b"".join(open(p, "rb").read() for p in sys.argv[1:])).hexdigest())' "$@"; }

# install_requirements NAME FILE...: runs pip unless .venv already holds exactly these files.
install_requirements() {
    local name="$1" stamp="$VENV/.installed-$1" want log
    shift
    want="$(hash_of "$@")"
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return
    say "Installing the $name packages (only when they change; a minute or two) ..."
    log="$(mktemp "${TMPDIR:-/tmp}/rembuk-pip.XXXXXX")"
    local args=() file
    for file in "$@"; do args+=(-r "$file"); done
    if ! "$PY" -m pip install --require-hashes --no-input --progress-bar off "${args[@]}" >"$log" 2>&1; then
        grep -E '^(ERROR|error|  *(Expected|Got) )' "$log" | tail -n 6 >&2 || true
        if grep -q 'DO NOT MATCH THE HASHES' "$log"; then
            stop "A downloaded package is not the one that was pinned, so nothing was installed." \
                "If the network rewrites downloads, use another; the full log is $log"
        elif grep -qiE 'No space left' "$log"; then
            stop "The disk is full; nothing was installed. The full log is $log"
        fi
        stop "The packages could not be downloaded. Check the network connection (or the proxy) and start again;" \
            "what was fetched already is kept. The full log is $log"
    fi
    rm -f "$log"
    printf '%s\n' "$want" >"$stamp"
}

# use_lock: two scripts started at once must not install into the same .venv at the same time.
use_lock() {
    command -v flock >/dev/null 2>&1 || return 0
    exec 9>"$ROOT/.venv.lock"
    flock 9
}

need_runtime() {
    use_lock
    make_venv
    install_requirements runtime requirements.txt
    exec 9>&-
}

need_dev() {
    use_lock
    make_venv
    install_requirements runtime requirements.txt
    install_requirements development requirements.txt requirements-dev.txt
    exec 9>&-
}
