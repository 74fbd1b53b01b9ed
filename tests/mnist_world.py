"""A small MNIST, and mirrors of it on this machine that misbehave as they are told.

A test module that says `world = pytest.fixture(mnist_world.world)` has it as a fixture.
"""
import gzip
import hashlib
import http.server
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

from dataset import download, files, idx, mnist, source

HERE = Path(__file__).parent
TRAIN, TEST = 20, 10


def _contents():
    random = np.random.RandomState(7)
    arrays = []
    for count in (TRAIN, TEST):
        arrays += [random.randint(0, 256, (count, 784)).astype(np.uint8),
                   (np.arange(count) % 10).astype(np.uint8)]
    return {name: idx.build(array) for name, array in zip(files.FULL, arrays, strict=True)}


CONTENTS = _contents()  # name -> what the unpacked file holds
NAMES = list(CONTENTS)
TABLE = {name: files.File(len(content), hashlib.sha256(content).hexdigest())
         for name, content in CONTENTS.items()}
PACKED = {name: gzip.compress(content, mtime=0) for name, content in CONTENTS.items()}


def settings(mirrors):
    """What to change in the course for it to take the small MNIST from these mirrors, in no time.

    Returns a list of (module, attribute, value).
    """
    return [
        (files, "FULL", TABLE), (download, "MIRRORS", tuple(mirrors)),
        (download, "PAUSES", (0, 0.01, 0.01)), (mnist, "_arrays", {}),
        (source, "_network_problem", None), (source, "_told", set()),
        (source, "_verified", None),
    ]


def install(mirrors):
    """Change them in a process that ends anyway."""
    for module, name, value in settings(mirrors):
        setattr(module, name, value)


def fill(folder, suffix=".gz", **changed):
    """Write the four files into a folder.

    suffix: "" writes them unpacked. changed: other bytes, as in train_images=b"".
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        body = PACKED[name] if suffix == ".gz" else CONTENTS[name]
        short = "_".join(name.split("-")[:2])
        (Path(folder) / (name + suffix)).write_bytes(changed.get(short, body))


# What a mirror may do with a request: functions of the handler and the bytes that it should send.

def good(handler, body):
    handler.head(200, length=len(body))
    handler.wfile.write(body)


def status(code):
    def answer(handler, body):
        page = b"<html><body>Something went wrong</body></html>"
        handler.head(code, length=len(page))
        handler.wfile.write(page)
    return answer


def sends(other, **headers):
    """Status 200, and these bytes instead of the file."""
    def answer(handler, body):
        handler.head(200, length=len(other), **headers)
        handler.wfile.write(other)
    return answer


def cut_off(handler, body):
    handler.head(200, length=len(body))
    handler.wfile.write(body[:len(body) // 2])


def cut_off_without_length(handler, body):
    handler.head(200)
    handler.wfile.write(body[:len(body) // 2])


def reset(handler, body):
    """Half of the file, then the connection is torn down."""
    handler.head(200, length=len(body))
    handler.wfile.write(body[:len(body) // 2])
    handler.tear()


def reset_at_once(handler, body):
    handler.tear()


def silent(handler, body):
    """No answer at all."""
    handler.mirror.closing.wait(30)


def hang(handler, body):
    """Half of the file, then nothing."""
    handler.head(200, length=len(body))
    handler.wfile.write(body[:len(body) // 2])
    handler.wfile.flush()
    handler.mirror.closing.wait(30)


def drip(handler, body):
    """A byte now and then, for ever: never silent for long enough to time out."""
    handler.head(200, length=10**7)
    while not handler.mirror.closing.wait(0.05):
        handler.wfile.write(b"\x00")
        handler.wfile.flush()


def endless(handler, body):
    """As fast as it goes, and no end."""
    handler.head(200)
    while not handler.mirror.closing.is_set():
        handler.wfile.write(bytes(65536))


def slow(handler, body):
    """The whole file, after a while."""
    handler.mirror.closing.wait(0.4)
    good(handler, body)


def redirect(handler, body):
    """To the same file elsewhere on this mirror."""
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere" + handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


class _Handler(http.server.BaseHTTPRequestHandler):
    mirror = None

    def do_GET(self):
        self.mirror.requests.append(self.path)
        name = self.path.rsplit("/", 1)[1].removesuffix(".gz")
        behaviour = good if "/elsewhere/" in self.path else self.mirror.next(name)
        try:
            behaviour(self, PACKED[name])
            self.wfile.flush()
        except OSError:
            pass  # the loader has gone away, as it should

    def head(self, code, length=None, **headers):
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def tear(self):
        self.wfile.flush()
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()  # with these settings: a reset

    def log_message(self, *args):
        pass


class Mirror:
    """An HTTP server on this machine. `script`: by file name, the behaviours for one request after
    the other; the last one stays. Whatever is not in it gets the `default`."""

    def __init__(self):
        self.script, self.default = {}, good
        self.requests = []  # the paths that were asked for
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"mirror": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/mnist/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def next(self, name):
        left = self.script.get(name, [self.default])
        return left.pop(0) if len(left) > 1 else left[0]

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


class World:
    """A machine without MNIST, two mirrors, and the places where files may go."""

    def __init__(self, folder, monkeypatch):
        self.first, self.second = Mirror(), Mirror()
        self.mirrors = [self.first.url, self.second.url]
        self.cache, self.own = folder / "cache" / "mnist", folder / "own"
        self.chainer = folder / "chainer"
        self.folder = folder
        for name in list(os.environ):
            if name.upper() in ("MNIST_DIR", "MNIST_SAMPLE", "HTTP_PROXY", "ALL_PROXY",
                                "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("COURSE_CACHE", str(folder / "cache"))
        monkeypatch.setenv("CHAINER_DATASET_ROOT", str(self.chainer))
        # A Chainer that another test has imported holds the root from before.
        monkeypatch.delitem(sys.modules, "chainer.dataset.download", raising=False)
        for module, name, value in settings(self.mirrors):
            monkeypatch.setattr(module, name, value)

    def left_behind(self):
        """The names in the cache, but for the lock, which stays."""
        if not self.cache.is_dir():
            return []
        return sorted(path.name for path in self.cache.iterdir() if path.name != source.LOCK)

    def child(self, code, **env):
        """Start a process that runs `code` in this world. Returns the Popen."""
        code = f"import mnist_world\nmnist_world.install({self.mirrors!r})\n{code}"
        paths = os.pathsep.join([str(HERE), str(HERE.parent), os.environ.get("PYTHONPATH", "")])
        return subprocess.Popen(
            [sys.executable, "-c", code], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths, **env})

    def run(self, code, **env):
        """Run `code` in a process of this world, and return what it printed."""
        process = self.child(code, **env)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out


def world(tmp_path, monkeypatch):
    """A World, whose mirrors are shut down at the end."""
    world = World(tmp_path, monkeypatch)
    yield world
    world.first.close()
    world.second.close()
