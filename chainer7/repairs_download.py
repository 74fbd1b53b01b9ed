"""Data sets: addresses that no longer answer, and one sentence where nothing does."""

from repair import Repair

DOWNLOAD = [
    Repair(
        "chainer.dataset.download",
        "MNIST's address answers no longer: fetch it from mirrors, verified; and where nothing "
        "can be fetched, say in one sentence where to put the file",
        "def cached_download(url):\n",
        """\
# Folders that have moved: where the same files are now, byte for byte but for
# the packing.
_mirrors = {
    'http://yann.lecun.com/exdb/mnist/': (
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
        'https://storage.googleapis.com/cvdf-datasets/mnist/'),
}

# SHA-256 of what is packed in the files of those folders.
_sha256 = {
    'train-images-idx3-ubyte.gz':
    'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte.gz':
    '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte.gz':
    '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte.gz':
    'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}


class DownloadError(error.URLError):

    def __str__(self):
        return self.reason


def _fetch(url, path, cache_path):
    folder, slash, name = url.rpartition('/')
    folders = _mirrors.get(folder + slash)
    failures = []
    for address in [each + name for each in folders] if folders else [url]:
        sys.stderr.write('Downloading from {}...\\n'.format(address))
        sys.stderr.flush()
        try:
            request.urlretrieve(address, path)
            if folders:
                with gzip.open(path) as f:
                    found = hashlib.sha256(f.read()).hexdigest()
                if found != _sha256[name]:
                    raise OSError('not the file that was published')
            return
        except (OSError, EOFError, zlib.error, http_client.HTTPException) as e:
            failures.append('{} ({})'.format(address, e))
    raise DownloadError(
        'Chainer cannot download {} from {}. Get the file in another way, '
        'save it unchanged as {}, and run the program again.'.format(
            name, ' or '.join(failures), cache_path)) from None


def cached_download(url):
""",
    ),
    Repair(
        "chainer.dataset.download",
        "the same, where a file is fetched",
        """\
        sys.stderr.write('Downloading from {}...\\n'.format(url))
        sys.stderr.flush()
        request.urlretrieve(url, temp_path)
""",
        "        _fetch(url, temp_path, cache_path)\n",
    ),
    Repair(
        "chainer.dataset.download",
        "the same (imports)",
        """\
import hashlib
import os
import shutil
import sys

import filelock
from six.moves.urllib import request
""",
        """\
import gzip
import hashlib
import os
import shutil
import sys
import zlib

import filelock
from six.moves import http_client
from six.moves.urllib import error
from six.moves.urllib import request
""",
    ),
    Repair(
        "chainer.datasets._mnist_helper",
        "47 million reads of one byte each, for a minute without a word",
        """\
        x = numpy.empty((N, 784), dtype=numpy.uint8)
        y = numpy.empty(N, dtype=numpy.uint8)

        for i in six.moves.range(N):
            y[i] = ord(fy.read(1))
            for j in six.moves.range(784):
                x[i, j] = ord(fx.read(1))
""",
        """\
        x = numpy.frombuffer(fx.read(784 * N), numpy.uint8).reshape(N, 784)
        y = numpy.frombuffer(fy.read(N), numpy.uint8).reshape(N)
""",
    ),
    Repair(
        "chainer.datasets._mnist_helper",
        "47 million reads of one byte each (an import that is no longer used)",
        "import numpy\nimport six\n",
        "import numpy\n",
    ),
]
