"""Reads {directory, texts}; prints what the C library has of sockets on loopback, and of address texts, as bytes in hex."""
import ctypes
import json
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)


class Addrinfo(ctypes.Structure):
    pass


Addrinfo._fields_ = [
    ("flags", ctypes.c_int),
    ("family", ctypes.c_int),
    ("socktype", ctypes.c_int),
    ("protocol", ctypes.c_int),
    ("addrlen", ctypes.c_uint),
    ("addr", ctypes.c_void_p),
    ("canonname", ctypes.c_char_p),
    ("next", ctypes.POINTER(Addrinfo)),
]


def getsockname(sock):
    buffer = ctypes.create_string_buffer(128)
    length = ctypes.c_uint(128)
    assert libc.getsockname(sock.fileno(), buffer, ctypes.byref(length)) == 0
    return buffer.raw[: length.value].hex()


def getaddrinfo(text, port):
    hints = Addrinfo(flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV, socktype=socket.SOCK_STREAM)
    found = ctypes.POINTER(Addrinfo)()
    code = libc.getaddrinfo(text.encode(), str(port).encode(), ctypes.byref(hints), ctypes.byref(found))
    assert code == 0, (text, code)
    info = found.contents
    data = ctypes.string_at(info.addr, info.addrlen).hex()
    libc.freeaddrinfo(found)
    return data


def bound(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.bind(address)
        name = sock.getsockname()
        if isinstance(name, bytes):
            name = {"bytes": name.hex()}
        return {"sockaddr": getsockname(sock), "name": name}


question = json.load(sys.stdin)
os.chdir(question["directory"])
names = ["a.sock", "./ü.sock", "x" * 107]
json.dump(
    {
        "bound": [
            bound(socket.AF_INET, ("127.0.0.1", 0)),
            bound(socket.AF_INET6, ("::1", 0)),
            bound(socket.AF_INET6, ("::ffff:127.0.0.1", 0)),
            *[bound(socket.AF_UNIX, name) for name in names],
            *([bound(socket.AF_UNIX, b"\0inaddr-test-%d" % os.getpid())] if sys.platform == "linux" else []),
        ],
        "unnamed": getsockname(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)),
        "read": [getaddrinfo(text, port) for text, port in question["texts"]],
    },
    sys.stdout,
)
