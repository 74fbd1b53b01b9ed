"""Fetch a file from one of several mirrors, whatever the mirrors do."""
import io
import os
import threading
import time
from urllib.parse import urlsplit

import requests
from tqdm.auto import tqdm
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from common.language import _
from dataset import files
from dataset.files import DataError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
PAUSES = (0, 0.5, 2)  # seconds before each round over the mirrors
ANSWER = 6            # seconds until a mirror must have begun to answer
PATIENCE = 15         # seconds after which a mirror must have sent ...
SLOWEST = 8_000       # ... as many bytes a second; so the longest file takes 20 minutes at most
SLACK = 65_536        # bytes that a packed file may be longer than its content


class MirrorError(Exception):
    """A mirror did not deliver. `again`: whether asking it again may help."""

    def __init__(self, reason: str, again: bool = False) -> None:
        super().__init__(reason)
        self.again = again


class NoWayOut(Exception):
    """A setting of this machine keeps every mirror away; the message says which, and what to do."""


def get(name: str, file: files.File) -> tuple[bytes, bytes]:
    """Fetch one file of MNIST from the first mirror that delivers what it should be.

    name: as in files.FULL. file: the files.File that it should be.
    Returns (packed, content), two bytes: as it was sent, and unpacked and verified.
    Raises DataError, one sentence that says what each mirror did.
    """
    mirrors, reasons = list(MIRRORS), dict[str | None, str]()
    for pause in PAUSES:
        time.sleep(pause if mirrors else 0)
        for mirror in tuple(mirrors):
            try:
                packed = _transfer(f"{mirror}{name}.gz", file.size + SLACK)
                try:
                    return packed, files.unpack(io.BytesIO(packed), file)
                except files.Unfit as error:
                    raise MirrorError(_("sends a file that {error}").format(error=error),
                                      again=True) from None
            except MirrorError as error:
                reasons[urlsplit(mirror).hostname] = str(error)
                if not error.again:
                    mirrors.remove(mirror)
            except NoWayOut as error:
                raise DataError(_("{name} cannot be fetched: {error}").format(
                                    name=name, error=error)) from None
    said = "; ".join(f"{host} {reason}" for host, reason in reasons.items())
    raise DataError(_("{name} cannot be fetched: {said}.").format(name=name, said=said))


def _transfer(url, limit):
    """The bytes at an address, at most `limit` of them. Raises MirrorError."""
    transfer = _Transfer(url, limit)
    start = time.monotonic()
    bar = tqdm(desc=url.rsplit("/", 1)[1], unit="B", unit_scale=True, leave=False)
    transfer.start()
    try:
        while transfer.is_alive():
            transfer.join(0.1)
            bar.total = transfer.length
            bar.update(len(transfer.data) - bar.n)
            waited = time.monotonic() - start
            if not transfer.answered and waited > ANSWER:
                raise MirrorError(_("does not answer"))
            if waited > PATIENCE and len(transfer.data) < SLOWEST * waited:
                raise MirrorError(_("is too slow"))
    finally:  # Ctrl-C comes through here too
        transfer.abandoned = True
        bar.close()
    if transfer.error is not None:
        raise transfer.error
    return bytes(transfer.data)


class _Transfer(threading.Thread):
    """One request, on a thread of its own: the time-outs of sockets hold neither for the look-up
    of a name nor for a mirror that sends a byte now and then, but the thread can be left behind."""

    def __init__(self, url: str, limit: int) -> None:
        super().__init__(daemon=True)
        self.url, self.limit = url, limit
        self.data = bytearray()
        self.length: int | None = None
        self.error: MirrorError | NoWayOut | None = None
        self.answered = self.abandoned = False

    def run(self):
        try:
            self._receive()
        except MirrorError as error:
            self.error = error
        except requests.exceptions.InvalidSchema as error:
            self.error = NoWayOut(
                _("{proxy} is a SOCKS proxy, which needs PySocks: run pip install pysocks, or "
                  "unset the variable.").format(proxy=_proxy(self.url))
                if "SOCKS" in str(error) else f"{error}.")
        except requests.exceptions.InvalidURL:  # not the mirror's address, so the proxy's
            self.error = NoWayOut(
                _("{proxy} has no address that a proxy can have, such as "
                  "http://proxy.example.com:8080: mend or unset it.").format(
                      proxy=_proxy(self.url)))
        except requests.exceptions.ProxyError as error:
            self.error = NoWayOut(_("{proxy} {refusal}: mend or unset it.").format(
                proxy=_proxy(self.url), refusal=_refusal(error)))
        except requests.exceptions.SSLError:
            self.error = MirrorError(
                _("has a certificate that {bundle} does not trust").format(bundle=_bundle())
                if _bundle() else
                _("has a certificate that this machine does not trust (a firm or school may have "
                  "one of its own: REQUESTS_CA_BUNDLE can name its file)"))
        except requests.exceptions.Timeout:
            self.error = MirrorError(_("does not answer"))
        except requests.exceptions.ChunkedEncodingError:
            self.error = MirrorError(_("breaks off"), again=True)
        except requests.exceptions.ConnectionError as error:
            cause = error.args[0] if error.args else None
            if isinstance(cause, ReadTimeoutError):
                self.error = MirrorError(_("falls silent"))
            elif isinstance(cause, ProtocolError):
                self.error = MirrorError(_("breaks off"), again=True)
            else:  # no such name, or nobody there: that will not change in a second
                self.error = MirrorError(_("cannot be reached"))
        except Exception as error:  # a thread must not die without saying why
            if isinstance(error, OSError) and "CA certificate" in str(error):
                self.error = NoWayOut(
                    _("there is no file of certificates where {bundle} says: mend or unset it."
                      ).format(bundle=_bundle()))
            else:
                self.error = MirrorError(_("fails ({error})").format(
                    error=f"{type(error).__name__}: {error}"))

    def _receive(self):
        with requests.get(self.url, stream=True, timeout=(ANSWER, PATIENCE)) as answer:
            if answer.status_code != 200:
                raise MirrorError(_("answers {code}").format(
                    code=f"{answer.status_code} {answer.reason}".rstrip()),
                                  again=answer.status_code >= 500 or answer.status_code == 429)
            length = answer.headers.get("Content-Length", "")
            self.length = int(length) if length.isdigit() else None
            self.answered = True
            for chunk in answer.iter_content(4096):
                if self.abandoned:
                    return
                self.data += chunk
                if len(self.data) > self.limit:
                    raise MirrorError(_("sends far more than MNIST has"))


def _proxy(url):
    """The proxy that is asked for an address, and the variable that names it; no password."""
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) or ""
    scheme, _mark, rest = proxy.rpartition("://")
    where = f"{scheme}://" * bool(scheme) + rest.rpartition("@")[2]
    for name in (f"{urlsplit(url).scheme}_proxy", "all_proxy"):
        for variable in (name, name.upper()):
            if os.environ.get(variable):
                return _("the proxy {where}, which {variable} names,").format(
                    where=where, variable=variable)
    return _("the proxy {where} of the system's settings").format(where=where)


def _refusal(error):
    """What a proxy does, in words: requests wraps the reason several times."""
    for code, words in [("407", _("wants a name and a password")),
                        ("403", _("refuses to connect"))]:
        if f"failed: {code} " in str(error):  # not in the address of an object, such as 0x7f403a
            return words
    return _("does not answer") if "refused" in str(error) or "timed out" in str(error) else \
        _("cannot be used")


def _bundle():
    """The variable that names a file of certificates, and the file; or None."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(variable):
            return f"{variable}={os.environ[variable]}"
    return None
