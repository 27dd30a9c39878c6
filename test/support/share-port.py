"""Who gets what is sent to an address, of sockets that share a port.

Reads cases as JSON: [{"protocol", "to", "total", "sockets": [{"host", "ipv6Only", "reuseAddr", "reusePort"}]}], and prints for each how much
each socket got. Node 20 has no reusePort. `total` is how much is waited for; what comes beyond it is counted, too.
"""

import json
import select
import socket
import sys

SENT = 40
TRIES = 20
PATIENCE = 2


def kind_of(protocol):
    return socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def bound(protocol, wanted, port):
    host = wanted["host"]
    made = socket.socket(family_of(host), kind_of(protocol))
    if made.family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, wanted["ipv6Only"])
    # libuv sets it for TCP, where it lets nobody share.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, protocol == "tcp" or wanted["reuseAddr"])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, wanted["reusePort"])
    made.bind((host, port))
    if protocol == "tcp":
        made.listen(SENT)
    made.setblocking(False)
    return made


def all_bound(protocol, sockets):
    for tries in range(TRIES):
        made = []
        try:
            for wanted in sockets:
                made.append(bound(protocol, wanted, made[0].getsockname()[1] if made else 0))
            return made
        except OSError:
            # Somebody else has the port on another address.
            for one in made:
                one.close()
            if tries == TRIES - 1:
                raise


def send(protocol, to, port):
    sender = socket.socket(family_of(to), kind_of(protocol))
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.settimeout(PATIENCE)
    sender.connect((to, port))
    if protocol == "udp":
        sender.send(b"to whom")
    return sender


def take(protocol, receiver):
    try:
        if protocol == "tcp":
            receiver.accept()[0].close()
        else:
            receiver.recv(16)
        return True
    except BlockingIOError:
        return False


def shares(case):
    protocol = case["protocol"]
    receivers = all_bound(protocol, case["sockets"])
    port = receivers[0].getsockname()[1]
    senders = [send(protocol, case["to"], port) for _ in range(SENT)]
    got = [0 for _ in receivers]
    while sum(got) < case["total"] * SENT:
        ready = select.select(receivers, [], [], PATIENCE)[0]
        if not ready:
            break
        for at, receiver in enumerate(receivers):
            while receiver in ready and take(protocol, receiver):
                got[at] += 1
    for one in receivers + senders:
        one.close()
    return [count / SENT for count in got]


print(json.dumps([shares(case) for case in json.load(sys.stdin)]))
