"""Pictures of chapter 09: the graph that Chainer remembers, and the log of a training."""
import matplotlib.pyplot as plt
import numpy as np

from common.figures.kit import arrow, draw_curves, number
from common.figures.style import COLORS, describe

_SPACE = 1.75  # inches between neighbours, about as much as a name and a shape need


def computational_graph(*ends, names=None, titles=None, gradients=False):
    """The computational graph behind a Variable, from its inputs above to itself below.

    ends: one chainer.Variable, or several that are drawn side by side.
    names: what to write for variables, a dict from a name to a Variable; without it their own.
    titles: one for each end. gradients: write the gradients of single numbers below their values.
    Nothing is run: the picture is read from what each Variable remembers of its creator.
    """
    names = {id(variable.node): name for name, variable in (names or {}).items()}
    graphs = [_Graph(end.node, names, gradients) for end in ends]
    step = 0.72 if gradients else 0.56
    width = sum(graph.width for graph in graphs)
    inches = min(8.0, _SPACE * width)
    height = max(graph.height for graph in graphs)
    top = 0.35 if titles else 0
    fig, panels = plt.subplots(1, len(graphs), squeeze=False, figsize=(inches, step * height + top),
                               width_ratios=[graph.width for graph in graphs])
    told = []
    for k, (graph, axes) in enumerate(zip(graphs, panels[0])):
        graph.draw(axes, 0.15 / step, (0.22 if gradients else 0.15) / step)
        axes.set(xlim=(graph.left, graph.left + graph.width), ylim=(height - 0.5, -0.5))
        axes.axis("off")
        if titles:
            axes.set_title(titles[k])
        told.append((f"{titles[k]}: " if titles else "") + graph.told())
    return describe(fig, (
        "Computational graph, from the inputs at the top down to the result; rounded boxes are "
        "variables, square boxes are functions. " + " ".join(told)))


def training_log(log, curves, title=None):
    """Curves of a training against the epoch, from what Chainer's LogReport has kept.

    log: list of dicts with "epoch" and the names of values, one dict an epoch (LogReport.log).
    curves: for each panel a dict from a label to the name of a value in the log, such as
    {"loss": {"training": "main/loss", "validation": "validation/main/loss"}}.
    """
    epochs = [entry["epoch"] for entry in log]
    fig, panels = plt.subplots(1, len(curves), squeeze=False, figsize=(4 * len(curves), 3.4))
    told = []
    for axes, (panel, lines) in zip(panels[0], curves.items()):
        values = {label: [float(entry[name]) for entry in log] for label, name in lines.items()}
        told.append(draw_curves(axes, epochs, values, panel, form=".4f"))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2,
                    columnspacing=1.2, handlelength=2.2)
    if title:
        fig.suptitle(title, fontsize=13)
    return describe(fig, f"Curves against the epoch{f' ({title})' if title else ''}. "
                         + "; ".join(told) + ".")


class _Graph:
    """The nodes behind a result: who made whom, and where each one stands."""

    def __init__(self, end, names, gradients):
        self.end, self.names, self.gradients = end, names, gradients
        self.functions, self.variables = [], {}
        self._walk(end)
        self.functions.sort(key=lambda function: function.rank)  # in the order they ran
        self.users = {id(v): [] for v in self.variables.values()}
        for function in self.functions:
            for variable in function.inputs:
                self.users[id(variable)].append(function)
        self.rows = {id(f): 2 * f.rank + 1 for f in self.functions}
        for key, variable in self.variables.items():
            # A leaf stands directly above the first function that takes it.
            self.rows[key] = 2 * variable.rank if variable.creator_node is not None else \
                min((self.rows[id(f)] for f in self.users[key]), default=1) - 1
        self._place()

    def _walk(self, end):
        waiting, seen = [end], set()
        while waiting:  # not by recursion: a graph may be deep
            variable = waiting.pop()
            self.variables[id(variable)] = variable
            function = variable.creator_node
            if function is not None and id(function) not in seen:
                seen.add(id(function))
                self.functions.append(function)
                waiting.extend(function.inputs)

    def _place(self):
        """Columns, from the result upwards: the data straight above, what joins it on the right."""
        self.columns = {id(self.end): 0.0}
        for row in range(self.rows[id(self.end)] - 1, -1, -1):
            here = {}
            for function in self.functions:
                if self.rows[id(function)] == row:
                    made = [v for v in self.variables.values() if v.creator_node is function]
                    here[id(function)] = np.mean([self.columns[id(v)] for v in made])
            for key, variable in self.variables.items():
                if self.rows[key] == row and self.users[key]:
                    here[key] = np.mean([self.columns[id(f)] + _offset(f, variable)
                                         for f in self.users[key]])
            self.columns.update(_apart(here))
        places = list(self.columns.values())
        self.left, self.width = min(places) - 0.5, max(places) - min(places) + 1
        self.height = self.rows[id(self.end)] + 1

    def draw(self, axes, low, high):
        """Draw all nodes. low, high: half the height of a function's box and of a variable's."""
        for function in self.functions:
            below = (self.columns[id(function)], self.rows[id(function)])
            for variable, port in self._ports(function):
                self._arrow(axes, (self.columns[id(variable)], self.rows[id(variable)]),
                            (below[0] + port, below[1]), high, low)
            for key, variable in self.variables.items():
                if variable.creator_node is function:
                    self._arrow(axes, below, (self.columns[key], self.rows[key]), low, high)
            axes.text(*below, function.label, ha="center", va="center", fontsize=11,
                      bbox={"boxstyle": "square,pad=0.35", "facecolor": "#eceff1",
                            "edgecolor": COLORS["neutral"], "linewidth": 1.2})
        for key, variable in self.variables.items():
            color = COLORS[self._kind(variable)]
            axes.text(self.columns[key], self.rows[key], self.text(variable), ha="center",
                      va="center", fontsize=11, color=color, linespacing=1.15,
                      bbox={"boxstyle": "round,pad=0.3,rounding_size=0.7", "facecolor": "white",
                            "edgecolor": color, "linewidth": 1.8})

    def _ports(self, function):
        """The inputs from left to right, each with where its arrow ends: columns from the middle.

        An input straight above the box enters in the middle, so that its arrow is upright.
        """
        middle = self.columns[id(function)]
        inputs = sorted(function.inputs, key=lambda variable: self.columns[id(variable)])
        straight = [k for k, variable in enumerate(inputs)
                    if abs(self.columns[id(variable)] - middle) < 0.01]
        center = np.mean(straight) if straight else (len(inputs) - 1) / 2
        most = max(center, len(inputs) - 1 - center, 0.5)
        half = (0.042 * len(function.label) + 0.05) / _SPACE  # of the box, about
        gap = min(0.22, half / most)
        return [(variable, gap * (k - center)) for k, variable in enumerate(inputs)]

    def _arrow(self, axes, start, end, after, before):
        arrow(axes, (start[0], start[1] + after), (end[0], end[1] - before), linewidth=1.4,
              zorder=0)

    def _kind(self, variable):
        if variable is self.end:
            return "output"
        if variable.creator_node is not None:
            return "activation"
        return "weight" if _is_parameter(variable) else "input"

    def text(self, variable):
        """What is written into a variable's box: its name, then its shape, or its number."""
        name = self.names.get(id(variable), variable.name or "")
        if variable.shape != ():
            return f"{name}  {tuple(variable.shape)}" if name else str(tuple(variable.shape))
        holder = variable.get_variable_or_none()
        array = variable.data if variable.data is not None else \
            None if holder is None else holder.array
        if array is None:
            return name or "a number"
        text = f"{name} = {number(array, '.4g')}" if name else number(array, ".4g")
        if self.gradients and variable.grad is not None:
            text += f"\ngradient {number(variable.grad, '.4g')}"
        return text

    def told(self):
        """Every function in words, in the order they ran."""
        return "".join(
            f"{', '.join(self._word(v) for v in function.inputs)} into {function.label} gives "
            + ", ".join(self._word(v) for v in self.variables.values()
                        if v.creator_node is function) + ". "
            for function in self.functions).strip() or f"{self._word(self.end)}, no function."

    def _word(self, variable):
        return self.text(variable).replace("\n", ", ").replace("  ", " ")


def _offset(function, variable):
    """Where an input stands beside its function, in columns: 0 is straight above."""
    made = [v for v in function.inputs if v.creator_node is not None]
    straight = made or [v for v in function.inputs if not _is_parameter(v)][:1] \
        or list(function.inputs)[:1]
    straight = list(dict.fromkeys(straight))
    if variable in straight:
        return straight.index(variable) - (len(straight) - 1) / 2
    beside = [v for v in function.inputs if v not in straight]
    return (len(straight) - 1) / 2 + 1 + beside.index(variable)


def _apart(places):
    """Move what stands in one row at least one column apart, around where it was."""
    if not places:
        return {}
    keys = sorted(places, key=places.get)
    moved = [places[keys[0]]]
    for key in keys[1:]:
        moved.append(max(places[key], moved[-1] + 1))
    shift = np.mean([places[key] for key in keys]) - np.mean(moved)
    return {key: place + shift for key, place in zip(keys, moved)}


def _is_parameter(variable):
    holder = variable.get_variable_or_none()
    return holder is not None and type(holder).__name__ == "Parameter"
