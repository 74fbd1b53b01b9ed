"""Training a model alone, or in several processes that share every batch (ChainerMN over MPI)."""
import chainer
import chainer.links as L
import numpy as np
from chainer.functions import accuracy, softmax_cross_entropy
from chainer.iterators import SerialIterator
from chainer.iterators.order_samplers import ShuffleOrderSampler
from chainer.training import extension

from common.course import CourseError


class Alone:
    """The parts of a training in one process, as Chainer has them."""

    leads = True  # writes the files and prints

    def iterator(self, examples, batch_size, **options):
        """Return an iterator over examples. options: as SerialIterator takes them."""
        return SerialIterator(examples, batch_size, **options)

    def classifier(self, model, batch_size):
        """Return a link that gives the loss of a batch, and reports it with the accuracy."""
        return L.Classifier(model)

    def set_up(self, optimizer, classifier):
        """Return the optimizer, set up for the classifier."""
        return optimizer.setup(classifier)

    def evaluator(self, evaluator):
        """Return the evaluator."""
        return evaluator

    def extend(self, trainer):
        """Give a trainer what it needs besides."""

    def first(self, action):
        """Return what a function gives that only one process may call."""
        return action()

    def seed(self, number):
        """Seed the global generators of NumPy and CuPy, which Chainer draws from."""
        _seed(number)


class Share(SerialIterator):
    """Gives process `rank` of `size` its share of every batch: the examples
    rank, rank + size, rank + 2 size, ..."""

    def __init__(self, examples, batch_size, comm, **options):
        super().__init__(examples, batch_size, **options)
        self.comm = comm

    def __next__(self):
        return super().__next__()[self.comm.rank::self.comm.size]

    next = __next__


class Team(Alone):
    """The same parts in one of several processes: together they do each
    step as one process would.

    comm: a communicator of ChainerMN.
    """

    def __init__(self, comm):
        self.comm, self.leads = comm, comm.rank == 0
        self.order = np.random.RandomState()  # the same numbers in all

    def iterator(self, examples, batch_size, shuffle=True, **options):
        if batch_size < self.comm.size:
            raise CourseError(
                f"Batches of {batch_size} images cannot be shared among "
                f"{self.comm.size} processes: take fewer of these.")
        if shuffle:
            options["order_sampler"] = ShuffleOrderSampler(self.order)
        else:
            options["shuffle"] = False
        return Share(examples, batch_size, self.comm, **options)

    def classifier(self, model, batch_size):
        # A share with one image more counts for more: so the mean over
        # the processes is the mean over the images of the batch.
        share = len(range(self.comm.rank, batch_size, self.comm.size))
        weight = share * self.comm.size / batch_size
        return L.Classifier(
            model,
            lossfun=lambda y, t: weight * softmax_cross_entropy(y, t),
            accfun=lambda y, t: weight * accuracy(y, t))

    def set_up(self, optimizer, classifier):
        import chainermn
        optimizer = chainermn.create_multi_node_optimizer(
            optimizer, self.comm).setup(classifier)
        # ChainerMN's first update only sends the weights of rank 0 to all.
        # Do that now, or the first batch would teach nothing.
        self.comm.bcast_data(classifier)
        optimizer.is_changed(classifier)
        return optimizer

    def evaluator(self, evaluator):
        import chainermn
        return chainermn.create_multi_node_evaluator(evaluator, self.comm)

    def extend(self, trainer):
        """Let the log, and the watch for nan, see the loss of the batch."""
        def mean(trainer):
            names = sorted(name for name in trainer.observation
                           if name.startswith("main/"))
            share = np.array([float(trainer.observation[name].array)
                              for name in names])
            total = np.empty_like(share)
            self.comm.mpi_comm.Allreduce(share, total)
            trainer.observation.update(zip(names, total / self.comm.size))

        # A trigger without a state: so one process can go on with a
        # snapshot of several, and several with one of one.
        trainer.extend(mean, trigger=lambda trainer: True,
                       priority=extension.PRIORITY_EDITOR)

    def first(self, action):
        result = (action(),) if self.leads else None
        return self.comm.bcast_obj(result)[0]

    def seed(self, number):
        """The order is drawn alike in all processes, dropout is not."""
        self.order.seed(number)
        _seed((number + 7919 * self.comm.rank) % 2 ** 32)


def _seed(number):
    np.random.seed(number)
    if chainer.backends.cuda.available:
        chainer.backends.cuda.cupy.random.seed(number)


ALONE = Alone()
