"""CuPy 14: NumPy 2's types, no cuDNN, float16 only where a kernel has it."""

from repair import Repair

CUPY = [
    Repair(
        "chainer.functions.math.clip",
        "under NumPy 2's rules a wider bound widens the result",
        "return cuda.cupy.clip(x[0], self.x_min, self.x_max),",
        "return cuda.cupy.clip(x[0], self.x_min, self.x_max).astype(\n"
        "            x[0].dtype, copy=False),",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: include it",
        "class _Worker(multiprocessing.Process):\n",
        """\
_preamble = '#include <cupy/float16.cuh>' if 14 <= cuda._cupy_major else ''


class _Worker(multiprocessing.Process):
""",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: gather uses it",
        "        '_memcpy_gather',\n",
        "        '_memcpy_gather',\n        preamble=_preamble,\n",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy 14 defines float16 only in kernels with a float16 argument: scatter uses it",
        "        '_memcpy_scatter',\n",
        "        '_memcpy_scatter',\n        preamble=_preamble,\n",
    ),
    Repair(
        "chainer.links.loss.hierarchical_softmax",
        "atomicAdd(float16*, float) no longer converts (gradient of x)",
        "atomicAdd(&gx[x_ind], g * w[w_ind]);",
        "atomicAdd(&gx[x_ind], T(g * w[w_ind]));",
    ),
    Repair(
        "chainer.links.loss.hierarchical_softmax",
        "atomicAdd(float16*, float) no longer converts (gradient of w)",
        "atomicAdd(&gw[w_ind], g * x[x_ind]);",
        "atomicAdd(&gw[w_ind], T(g * x[x_ind]));",
    ),
    Repair(
        "chainer.functions.loss.negative_sampling",
        "atomicAdd(float16*, float) no longer converts",
        "atomicAdd(&gW[k * c + j], gi * x[(i / m) * c + j]);",
        "atomicAdd(&gW[k * c + j], T(gi * x[(i / m) * c + j]));",
    ),
    Repair(
        "chainer.training.updaters.multiprocess_parallel_updater",
        "CuPy warns at every import where NCCL is missing; only this updater needs it, and it "
        "says so itself when it is made",
        "    from cupy.cuda import nccl\n",
        """\
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        from cupy.cuda import nccl
""",
    ),
    Repair(
        "chainer.backends.cuda",
        "CuPy can be imported today where there is no NVIDIA driver, and Chainer took the import "
        "for a GPU",
        "    from cupy import cuda  # NOQA\n",
        """\
    from cupy import cuda  # NOQA
    if cuda.runtime.driverGetVersion() == 0:
        raise RuntimeError(
            'CuPy is installed, but there is no driver of an NVIDIA GPU.')
""",
    ),
    Repair(
        "chainer.backends.cuda",
        "cuDNN is gone from CuPy 14, so the old warning names a cure that no longer exists",
        """\
        warnings.warn(
            'cuDNN is not enabled.\\n'
""",
        """\
        warnings.warn(
            'CuPy 14 and later come without cuDNN: Chainer runs on CuPy\\'s own '
            'kernels. Set CHAINER_CUDNN=0 to hide this message.'
            if 14 <= _cupy_major else
            'cuDNN is not enabled.\\n'
""",
    ),
    Repair(
        "chainer.backends.cuda",
        "what is missing was glued to the address of a page that is out of date",
        """\
        msg = ('CUDA environment is not correctly set up\\n'
               '(see https://github.com/chainer/chainer#installation).')
        msg += str(_resolution_error)
        raise RuntimeError(msg)
""",
        """\
        raise RuntimeError(
            'CUDA environment is not correctly set up ({}).\\n'
            'Chainer needs an NVIDIA GPU with its driver, and CuPy for the '
            'CUDA version that nvidia-smi shows:\\n'
            '  pip install "cupy-cuda12x[ctk]"\\n'
            '  pip install "cupy-cuda13x[ctk]"'.format(_resolution_error))
""",
    ),
]
