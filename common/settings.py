"""The settings of a training, checked once for all who train."""
from dataclasses import dataclass

from common.course import CourseError
from common.language import _


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train a model with Adam.

    epochs: passes over the training images. batch_size: images a step. lr: the learning rate.
    decay: what the learning rate is multiplied with after each epoch; 1 leaves it.
    seed: of the order of the images, and of dropout. Raises CourseError for what makes no sense.
    """

    epochs: int = 10
    batch_size: int = 100
    lr: float = 0.001
    decay: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1 or not self.lr > 0 or not 0 < self.decay <= 1:
            raise CourseError(_("epochs and batch size must be 1 or more, the learning rate above"
                                " 0, and its decay above 0 and at most 1."))
