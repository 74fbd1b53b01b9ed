"""Fetching MNIST from mirrors that misbehave in every way seen on the real network."""
import errno
import gzip
import io
import os
import socket
import subprocess
import sys
import threading

import mnist_world
import numpy as np
import pytest
import requests
from mnist_world import CONTENTS, NAMES, PACKED, TEST, TRAIN

import common.course
from dataset import download, idx, mnist, source
from dataset.files import DataError
from dataset.mnist import load_mnist

world = pytest.fixture(mnist_world.world)
IMAGES, LABELS = NAMES[0], NAMES[1]

FOREIGN = gzip.compress(CONTENTS[IMAGES][:-1] + b"\x00")
PAGE = b"<html><head><title>403 Forbidden</title></head></html>"
FAULTS = {  # what a mirror does -> (how, whether it is worth asking the same mirror again)
    "403": (mnist_world.status(403), False),
    "404": (mnist_world.status(404), False),
    "500": (mnist_world.status(500), True),
    "503": (mnist_world.status(503), True),
    "error page with status 200": (mnist_world.sends(PAGE), True),
    "packed error page": (mnist_world.sends(gzip.compress(PAGE)), True),
    "empty": (mnist_world.sends(b""), True),
    "wrong content": (mnist_world.sends(FOREIGN), True),
    "gzip bomb": (mnist_world.sends(gzip.compress(bytes(20_000_000))), True),
    "cut off": (mnist_world.cut_off, True),
    "cut off, no length": (mnist_world.cut_off_without_length, True),
    "reset": (mnist_world.reset, True),
    "reset at once": (mnist_world.reset_at_once, True),
    "silent": (mnist_world.silent, False),
    "hangs": (mnist_world.hang, False),
    "drips": (mnist_world.drip, False),
    "endless": (mnist_world.endless, False),
    "packed, it says, and is not": (mnist_world.sends(PAGE, Content_Encoding="gzip"), False),
}

SLOW = {"silent", "hangs", "drips"}


@pytest.fixture
def short_of_time(monkeypatch, request):
    """Where a mirror dawdles, wait a second for it; elsewhere as long as a busy machine needs."""
    if request.node.callspec.params["fault"] in SLOW:
        monkeypatch.setattr(download, "ANSWER", 1)
        monkeypatch.setattr(download, "PATIENCE", 1)


def asked(mirror, name=IMAGES):
    return sum(path.endswith(f"{name}.gz") for path in mirror.requests)


def check(world):
    """MNIST was fetched, whole, and nothing else is there."""
    (x_train, t_train), (x_test, t_test) = load_mnist(normalize=False)
    for array, name in zip((x_train, t_train, x_test, t_test), NAMES, strict=True):
        np.testing.assert_array_equal(array, idx.parse(CONTENTS[name]))
    assert world.left_behind() == sorted(f"{name}.gz" for name in NAMES)
    for name in NAMES:
        assert (world.cache / f"{name}.gz").read_bytes() == PACKED[name]


def test_good(world, capsys):
    check(world)
    assert len(world.first.requests) == 4 and not world.second.requests
    captured = capsys.readouterr()
    assert captured.out == "" and "train-images-idx3-ubyte.gz" in captured.err  # the bar
    assert mnist.status().kind == "full"


def test_the_next_process_finds_it(world):
    load_mnist()
    out = world.run("from dataset.mnist import *; print(len(load_mnist()[0][0]), fetch())")
    assert out == f"{TRAIN} {world.cache}\n"
    assert len(world.first.requests) == 4


@pytest.mark.parametrize("fault", FAULTS)
def test_one_bad_mirror(world, short_of_time, fault):
    """The other one is asked."""
    world.first.script[IMAGES] = [FAULTS[fault][0]]
    check(world)
    assert asked(world.second) == 1 and len(world.second.requests) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_two_bad_mirrors(world, short_of_time, capsys, fault):
    """The sample, one notice, and not a trace in the cache; the network is not asked again."""
    behaviour, again = FAULTS[fault]
    world.first.default = world.second.default = behaviour
    (x_train, _), (x_test, _) = load_mnist()
    assert (len(x_train), len(x_test)) == (4000, 1000)
    assert world.left_behind() == []
    rounds = len(download.PAUSES) if again else 1
    assert asked(world.first) == asked(world.second) == rounds
    assert world.first.requests == [f"/mnist/{IMAGES}.gz"] * rounds
    out = capsys.readouterr().out
    assert out.count("\n") == 1 and "sample" in out and "127.0.0.1" in out and "course data" in out
    load_mnist(normalize=False)
    assert asked(world.first) == rounds and capsys.readouterr().out == ""


def test_fetch_asks_again(world):
    """Where load_mnist has given up for this process, `course data` has not."""
    world.first.default = world.second.default = mnist_world.status(404)
    load_mnist()
    with pytest.raises(DataError, match="train-images-idx3-ubyte cannot be fetched: "
                                        "127.0.0.1 answers 404 Not Found[.]$"):
        mnist.fetch()
    world.second.default = mnist_world.good
    assert mnist.fetch() == world.cache


@pytest.mark.parametrize("fault", [name for name, (_, again) in FAULTS.items() if again])
def test_a_passing_fault(world, monkeypatch, fault):
    monkeypatch.setattr(download, "MIRRORS", (world.first.url,))
    world.first.script[IMAGES] = [FAULTS[fault][0], FAULTS[fault][0], mnist_world.good]
    check(world)
    assert asked(world.first) == 3


def test_redirect(world):
    world.first.default = mnist_world.redirect
    check(world)
    assert f"/elsewhere/mnist/{IMAGES}.gz" in world.first.requests


@pytest.mark.parametrize("body, headers", [
    (CONTENTS[LABELS], {}), (PACKED[LABELS], {"Content_Encoding": "gzip"}),
], ids=["by the server", "by the loader"])
def test_unpacked_on_the_way(world, body, headers):
    """A server or proxy may unpack a file: the content is right, so it is kept, as what it is."""
    world.first.script[LABELS] = [mnist_world.sends(body, **headers)]
    load_mnist()
    assert (world.cache / LABELS).read_bytes() == CONTENTS[LABELS]
    assert not (world.cache / f"{LABELS}.gz").exists()
    assert mnist.status().kind == "full" and not world.second.requests


def test_nobody_there(world, monkeypatch):
    """Without a network each mirror is tried once: a second try would not change it."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        port = unused.getsockname()[1]
        monkeypatch.setattr(download, "MIRRORS", (f"http://127.0.0.1:{port}/",
                                                  "http://no-such-host.invalid/"))
        tries, real = [], requests.get
        monkeypatch.setattr(requests, "get", lambda *a, **k: tries.append(a) or real(*a, **k))
        assert len(load_mnist()[0][0]) == 4000
    assert len(tries) == 2


def test_name_server_hangs(world, monkeypatch):
    """No time-out of a socket holds while a name is looked up, so ours must."""
    answer = threading.Event()
    monkeypatch.setattr(download, "ANSWER", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answer.wait(30))
    try:
        with pytest.raises(DataError, match="does not answer"):
            mnist.fetch()
        assert not answer.is_set()
    finally:
        answer.set()


def test_untrusted_certificate(world, monkeypatch):
    def refuse(*args, **kwargs):
        raise requests.exceptions.SSLError("self-signed certificate")
    monkeypatch.setattr(requests, "get", refuse)
    with pytest.raises(DataError, match="certificate that this machine does not trust"):
        mnist.fetch()
    monkeypatch.setenv("CURL_CA_BUNDLE", "/my/ca.crt")
    with pytest.raises(DataError, match="that CURL_CA_BUNDLE=/my/ca.crt does not trust"):
        mnist.fetch()


def test_surprise(world, monkeypatch):
    """Whatever else happens in the thread ends in a sentence too."""
    monkeypatch.setattr(requests, "get", None)
    with pytest.raises(DataError, match=r"fails \(TypeError: .* not callable\)"):
        mnist.fetch()


def test_two_processes_at_once(world):
    """One fetches, the other waits, and both have it."""
    world.first.default = mnist_world.slow
    children = [world.child("print('ready', flush=True); input()\n"
                            "from dataset.mnist import load_mnist\n"
                            "print(load_mnist()[1][0].shape)") for _ in range(2)]
    for child in children:  # both have started; now let them go at the same moment
        assert child.stdout.readline() == "ready\n"
    outs = [None, None]

    def finish(k):
        outs[k] = children[k].communicate("\n", timeout=60)
    threads = [threading.Thread(target=finish, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child, (out, err) in zip(children, outs, strict=True):
        assert child.returncode == 0 and f"({TEST}, 784)" in out, err
    assert sorted(world.first.requests) == sorted(f"/mnist/{name}.gz" for name in NAMES)
    assert world.left_behind() == sorted(f"{name}.gz" for name in NAMES)


def test_waits_not_for_ever(world, monkeypatch):
    """A process that hangs with the lock in its hand does not hang the others."""
    from filelock import FileLock

    monkeypatch.setattr(source, "LOCK_PATIENCE", 0.1)
    world.cache.mkdir(parents=True)
    with FileLock(str(world.cache / source.LOCK)):
        with pytest.raises(DataError, match="Another process has been fetching"):
            mnist.fetch()
    assert mnist.fetch() == world.cache


def test_interrupted(world):
    """Ctrl-C in mid-file leaves nothing, and the next try in the same process succeeds."""
    world.first.script[IMAGES] = [mnist_world.hang, mnist_world.good]
    out = world.run(
        "import _thread, signal, threading, time\n"
        "from dataset import download\n"
        "from dataset.mnist import load_mnist\n"
        "download.ANSWER = download.PATIENCE = 30\n"
        "caught = threading.Event()\n"
        "def stop():  # once the file is on its way\n"
        "    while not any(getattr(t, 'answered', False) for t in threading.enumerate()):\n"
        "        time.sleep(0.01)\n"
        "    while not caught.is_set():  # Python drops one that comes while it deletes an object\n"
        "        _thread.interrupt_main()\n"
        "        caught.wait(5)\n"
        "# A process in a shell's background begins with interrupts ignored.\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "threading.Thread(target=stop, daemon=True).start()\n"
        "try:\n"
        "    load_mnist()\n"
        "except KeyboardInterrupt:\n"
        "    caught.set()\n"
        "    print('interrupted', sorted(p.name for p in __import__('pathlib').Path(\n"
        f"        {str(world.cache)!r}).iterdir() if p.name != {source.LOCK!r}))\n"
        "print(len(load_mnist()[0][0]))")
    assert out == f"interrupted []\n{TRAIN}\n"
    assert asked(world.first) == 2 and not world.second.requests


def test_interrupted_while_writing(world, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        load_mnist()
    assert world.left_behind() == []
    monkeypatch.undo()


def test_leftovers_of_a_killed_process(world):
    world.cache.mkdir(parents=True)
    (world.cache / f"{IMAGES}.gz.0badcafe.part").write_bytes(PACKED[IMAGES][:100])
    check(world)


@pytest.mark.parametrize("offline", [False, True])
def test_what_a_reader_keeps_in_the_cache_stays(world, offline):
    world.cache.mkdir(parents=True)
    own = {"holiday-video.part", f"{IMAGES}.part", f"{IMAGES}.gz.part", f"{IMAGES}.gz.mine.part",
           f"my-{IMAGES}.gz.0badcafe.part", "lock", "notes.gz"}
    for name in own:
        (world.cache / name).write_text("mine")
    if offline:
        world.first.default = world.second.default = mnist_world.status(404)
    load_mnist()
    assert all((world.cache / name).read_text() == "mine" for name in own)


def test_another_data_set_with_the_names_of_mnist_is_kept(world, capsys):
    """Fashion-MNIST has the same names, and the same sizes."""
    world.cache.mkdir(parents=True)
    fashion = world.cache / f"{IMAGES}.gz"
    fashion.write_bytes(gzip.compress(b"a coat"))
    assert len(load_mnist()[0][0]) == TRAIN
    assert gzip.decompress((world.cache / f"{IMAGES}.gz.before1").read_bytes()) == b"a coat"
    assert f"kept as {IMAGES}.gz.before1" in capsys.readouterr().out


@pytest.mark.parametrize("variable, value, sentence", [
    ("HTTP_PROXY", "socks5h://u:secret@127.0.0.1:7890",
     "socks5h://127.0.0.1:7890, which HTTP_PROXY names, is a SOCKS proxy, which needs PySocks"),
    ("HTTP_PROXY", "http://u:secret@127.0.0.1:9",
     "the proxy http://127.0.0.1:9, which HTTP_PROXY names, does not answer: mend or unset it"),
    ("all_proxy", "http://127.0.0.1:9", "the proxy http://127.0.0.1:9, which all_proxy names"),
    *[("HTTP_PROXY", f"{scheme}u:secret@{place}",
       f"the proxy {scheme}{place}, which HTTP_PROXY names, has no address that a proxy can have")
      for scheme, place in [("http://", "127.0.0.1:99999"), ("http://", "["), ("ftp://", "a:9")]],
    ("REQUESTS_CA_BUNDLE", "/no/such/ca.crt",
     "no file of certificates where REQUESTS_CA_BUNDLE=/no/such/ca.crt says: mend or unset it"),
])
def test_a_setting_of_the_machine_is_named(world, monkeypatch, variable, value, sentence):
    """Not the mirrors, which nobody has asked; and no password."""
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv(variable, value)
    if variable == "REQUESTS_CA_BUNDLE":
        monkeypatch.setattr(download, "MIRRORS", ("https://127.0.0.1:1/mnist/",))
    with pytest.raises(DataError) as error:
        mnist.fetch()
    assert sentence in str(error.value) and "secret" not in str(error.value)
    assert not world.first.requests


class _FullDisk(io.FileIO):
    def write(self, data):
        super().write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


def _disk_full(monkeypatch):
    def fake_open(path, mode):
        return _FullDisk(path, mode) if "x" in mode else open(path, mode)
    monkeypatch.setattr(common.course, "open", fake_open, raising=False)


def _read_only(monkeypatch, world):
    (world.folder / "a file").write_text("")
    monkeypatch.setenv("COURSE_CACHE", str(world.folder / "a file"))


@pytest.mark.parametrize("trouble, words", [
    ("disk full", "No space left on device"), ("no folder", "cannot be stored in")])
def test_cannot_be_stored(world, monkeypatch, capsys, trouble, words):
    """load_mnist goes on with what it has fetched; fetch says that it failed."""
    if trouble == "disk full":
        _disk_full(monkeypatch)
    else:
        _read_only(monkeypatch, world)
    assert len(load_mnist()[0][0]) == TRAIN
    out = capsys.readouterr().out
    assert words in out and out.count("\n") == 1
    assert world.left_behind() == []
    with pytest.raises(DataError, match=words):
        mnist.fetch()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0,
                    reason="root may write into every folder, and Windows has other rights")
def test_read_only_folder(world, capsys):
    world.cache.mkdir(parents=True)
    world.cache.chmod(0o555)
    try:
        assert len(load_mnist()[0][0]) == TRAIN
        assert "Permission denied" in capsys.readouterr().out
        with pytest.raises(DataError, match="Permission denied"):
            mnist.fetch()
    finally:
        world.cache.chmod(0o755)


def test_cannot_be_stored_nor_fetched(world, monkeypatch, capsys):
    _read_only(monkeypatch, world)
    world.first.default = world.second.default = mnist_world.status(404)
    assert len(load_mnist()[0][0]) == 4000
    assert capsys.readouterr().out.count("\n") == 1


def test_the_mirrors_that_ship():
    out = subprocess.run(
        [sys.executable, "-c", "from dataset import download; print(*download.MIRRORS)"],
        cwd=mnist_world.HERE.parent, text=True, capture_output=True, check=True).stdout
    assert len(out.split()) >= 2
    assert all(url.startswith("https://") and url.endswith("/") for url in out.split())


@pytest.mark.parametrize("said, words", [
    ("Tunnel connection failed: 407 Proxy Authentication Required", "wants a name and a password"),
    ("Tunnel connection failed: 403 Forbidden", "refuses to connect"),
    ("<HTTPSConnection object at 0x7f403a4077d0>: Connection refused", "does not answer")])
def test_what_a_proxy_does_is_not_read_from_the_address_of_an_object(said, words):
    assert download._refusal(OSError(said)) == words
