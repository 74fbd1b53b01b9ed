"""How many threads NumPy's matrix products take: one, unless the reader says more."""
import os

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def limit_threads():
    """Give the libraries behind NumPy's products one thread, and return how many they have.

    Their threads wait for each other by trying again and again, which costs the processors' time,
    and on a busy machine much of the clock's. The products of the course are small, so one thread
    loses little; and a sum that is always split in the same way prints the same digits. Whoever
    wants more sets OMP_NUM_THREADS before Python starts: then it stays as it is.
    """
    from threadpoolctl import ThreadpoolController

    libraries = ThreadpoolController().select(user_api="blas")
    if not any(name in os.environ for name in VARIABLES):
        libraries.limit(limits=1)
    return max((library["num_threads"] for library in libraries.info()), default=1)
