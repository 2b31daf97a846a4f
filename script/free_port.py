"""Prints the local addresses on which a port can be served, or fails when one of them is taken."""

import errno
import socket
import sys


def local_addresses(port: int) -> list[str]:
    found = []
    for family, host, text in (
        (socket.AF_INET, "127.0.0.1", f"127.0.0.1:{port}"),
        (socket.AF_INET6, "::1", f"[::1]:{port}"),
    ):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(1)
            if error.errno == errno.EACCES:
                sys.exit(f"Only the administrator may serve on port {port}; choose one above 1023.")
            continue  # this machine has no IPv6
        found.append(text)
    return found


if __name__ == "__main__":
    print(*local_addresses(int(sys.argv[1])))
