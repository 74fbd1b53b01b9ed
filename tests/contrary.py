"""What a figure is drawn with to refute its alternative text: see test_figures_text.py."""
from dataclasses import dataclass, field


@dataclass
class Contrary:
    """Arguments that contradict what a figure usually shows, and what its text makes of them.

    says: words that must stand in the text, computed from these arguments. never: words that
    must not, since they would be wrong here.
    """

    arguments: tuple = ()
    options: dict = field(default_factory=dict)
    says: tuple = ()
    never: tuple = ()
