# Reads a JSON list of texts a line, and answers a list of what readers make of each: "4:7f000001", "6:1", or null.
import ipaddress
import json
import socket
import sys


def reading(family, integer):
    return "%d:%x" % (family, integer)


def by_ipaddress(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return reading(address.version, int(address))


def by_getaddrinfo(text):
    try:
        # As bytes: Python would map text that is not ASCII by IDNA before the C library sees it.
        host = text.encode("utf-8", "surrogatepass")
        found = socket.getaddrinfo(host, None, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError, ValueError):
        return None
    family, _, _, _, sockaddr = found[0]
    packed = socket.inet_pton(family, sockaddr[0].split("%")[0])
    return reading(4 if family == socket.AF_INET else 6, int.from_bytes(packed, "big"))


def by_inet_aton(text):
    try:
        return reading(4, int.from_bytes(socket.inet_aton(text), "big"))
    except (OSError, UnicodeError, ValueError):
        return None


for line in sys.stdin:
    answers = [
        {
            "ipaddress": by_ipaddress(text),
            "getaddrinfo": by_getaddrinfo(text) if text else None,
            "inetAton": by_inet_aton(text),
        }
        for text in json.loads(line)
    ]
    print(json.dumps(answers), flush=True)
