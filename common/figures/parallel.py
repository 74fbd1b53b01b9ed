"""Pictures of chapter 22: shares of a batch, a ring, and what more machines are worth."""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullFormatter, ScalarFormatter

from common.figures.kit import LINES, arrow, counted, fit, number, numbers, table
from common.figures.style import COLORS, describe


def shares(sizes):
    """One step of data-parallel training: a batch, its shares, their gradients, one mean.

    sizes: how many images each machine takes.
    """
    fig, axes = plt.subplots()
    fig.set_layout_engine("none")
    high, total = 1.3 * len(sizes), sum(sizes)
    axes.text(0.8, -0.35, f"batch of {total}", ha="center", color=COLORS["input"])
    top = 0.0
    for machine, size in enumerate(sizes):
        part, middle = high * size / total, 1.3 * machine + 0.65
        axes.add_patch(plt.Rectangle((0, top), 1.6, part, facecolor="white",
                                     edgecolor=COLORS["input"]))
        axes.text(0.8, top + part / 2, str(size), ha="center", va="center", fontsize=12)
        arrow(axes, (1.65, top + part / 2), (2.9, middle))
        for left, width, text, color in [(3, 4.1, f"machine {machine}, all weights", "weight"),
                                         (8.2, 2.1, f"gradient {machine}", "activation")]:
            axes.add_patch(plt.Rectangle((left, middle - 0.45), width, 0.9, facecolor="white",
                                         edgecolor=COLORS[color]))
            axes.text(left + width / 2, middle, text, ha="center", va="center", fontsize=11)
        arrow(axes, (7.15, middle), (8.1, middle))
        # Heads that end in one point would be a blot.
        arrow(axes, (10.35, middle), (11.45, high / 2 + 0.4 * (machine - (len(sizes) - 1) / 2)))
        top += part
    axes.text(12.2, high / 2, "mean", ha="center", va="center", color=COLORS["output"],
              fontsize=13)
    fit(fig, axes, (-0.2, 12.9), (high + 0.2, -0.9), inches=0.62)
    return describe(fig, (
        f"A batch of {counted(total, 'image')} is split among {counted(len(sizes), 'machine')}, "
        f"which take {numbers(sizes)}. Each has all the weights and makes a gradient of its share; "
        "arrows lead from all gradients to one mean."))


def ring(states):
    """What each machine of a ring holds, after each round.

    states: numbers, (rounds + 1, machines, parts), the first as it was at the beginning. What has
    changed in a round is filled.
    """
    states = np.asarray(states)
    rounds, machines, parts = states.shape
    fig, axes = plt.subplots()
    fig.set_layout_engine("none")
    columns = min(rounds, 3)
    for k, state in enumerate(states):
        place = (parts + 1.2) * (k % columns), (machines + 1.6) * (k // columns)
        changed = state != states[k - 1] if k else np.zeros(state.shape, bool)
        table(axes, state, place, "activation",
              "at the beginning" if k == 0 else f"round {k}", marked=changed)
        if k % columns == 0:
            for machine in range(machines):
                axes.text(place[0] - 0.25, place[1] + machine + 0.5, f"machine {machine}",
                          ha="right", va="center")
    fit(fig, axes, (-2.6, (parts + 1.2) * columns - 1),
        ((machines + 1.6) * -(-rounds // columns) - 1.4, -1), inches=0.55)
    return describe(fig, (
        f"{counted(machines, 'machine')} in a ring with {counted(parts, 'part')} each, at the "
        f"beginning and after each of {counted(rounds - 1, 'round')}; what a round changed is "
        "filled. Machine 0 begins with "
        f"{numbers(states[0, 0])} and ends with {numbers(states[-1, 0])}; at the end "
        + ("all hold the same." if (states[-1] == states[-1, 0]).all() else
           "they do not all hold the same.")))


def against_machines(machines, lines, name, ideal=False):
    """Curves over the number of machines, both axes logarithmic.

    machines: (n,). lines: a dict from a label to values, (n,), six at most. name: of the axis at
    the left. ideal: draws the line on which n machines are n times as fast.
    """
    fig, axes = plt.subplots(figsize=(6.4, 4.4))
    if ideal:
        axes.plot(machines, machines, color=COLORS["neutral"], linewidth=1, label="ideal")
    told = []
    for (label, values), (color, look) in zip(lines.items(), LINES):
        axes.plot(machines, values, look, color=COLORS[color], label=label, markersize=5)
        best = int(np.argmax(values))
        told.append(f"{label}: {number(values[0], '.3g')} with {number(machines[0])}, "
                    f"largest {number(values[best], '.3g')} with {number(machines[best])}, "
                    f"{number(values[-1], '.3g')} with {number(machines[-1])}")
    axes.set(xscale="log", yscale="log", xlabel="machines", ylabel=name)
    axes.set_xticks(machines, [number(count) for count in machines])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.legend(loc="upper left")  # no curve goes there: it would be faster than ideal
    return describe(fig, f"{name} over the number of machines. {'; '.join(told)}.")


def step_times(measured, model):
    """The time of a step over the size of the batch, measured as marks, by the model as lines.

    measured: {name: {processes: {batch size: milliseconds}}}, a panel for each name. model: a
    function of (name, processes, batch sizes) that returns milliseconds.
    """
    fig, panels = plt.subplots(1, len(measured), figsize=(8, 3.6), squeeze=False)
    told = []
    for axes, (name, runs) in zip(panels[0], measured.items()):
        for (processes, times), (color, look) in zip(runs.items(), LINES):
            batches = np.array(list(times))
            many = np.geomspace(batches.min(), batches.max(), 50)
            axes.plot(batches, list(times.values()), look[0], color=COLORS[color],
                      label=counted(processes, "process", "processes"))
            axes.plot(many, model(name, processes, many), look[1:], color=COLORS[color])
            fitted = model(name, processes, batches)
            told.append(f"{name}, {counted(processes, 'process', 'processes')}: " + ", ".join(
                f"{number(ms, '.3g')} at {size} (model {number(line, '.3g')})"
                for (size, ms), line in zip(times.items(), fitted)))
        axes.set(title=name, xlabel="images in a batch", xscale="log", yscale="log")
        axes.set_xticks(batches, [str(size) for size in batches])
        low, high = axes.get_ylim()
        axes.set_yticks([ms for ms in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if
                         low <= ms <= high])
        axes.yaxis.set_major_formatter(ScalarFormatter())
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_formatter(NullFormatter())
        axes.legend()
    panels[0, 0].set_ylabel("milliseconds a step")
    return describe(fig, f"Milliseconds a step over the batch size. {'; '.join(told)}.")


def exchange_times(sizes, seconds, line):
    """How long an exchange takes over the bytes that are exchanged, and the line through it.

    sizes: in bytes, (n,). seconds: (n,). line: (latency in seconds, bytes a second).
    """
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    latency, bandwidth = line
    many = np.geomspace(min(sizes), max(sizes), 50)
    axes.plot(sizes, np.multiply(seconds, 1000), "o", color=COLORS["input"], label="measured")
    axes.plot(many, 1000 * (latency + many / bandwidth), "-", color=COLORS["wrong"],
              label="latency + bytes / bandwidth")
    axes.set(xscale="log", yscale="log", xlabel="bytes", ylabel="milliseconds")
    axes.legend()
    return describe(fig, (
        f"Milliseconds of an exchange over its bytes: {number(1000 * seconds[0], '.2g')} for "
        f"{number(sizes[0])}, {number(1000 * seconds[-1], '.3g')} for {number(sizes[-1], '.3g')}. "
        f"The line has {number(1e6 * latency, '.2g')} microseconds and "
        f"{number(bandwidth / 1e9, '.2g')} GB a second."))


def two_logs(one, several, label):
    """The loss of each step in one process and in several, and how far they are apart.

    one, several: (steps,). label: of the second.
    """
    one, several = np.asarray(one, float), np.asarray(several, float)
    steps, apart = np.arange(1, len(one) + 1), np.abs(one - several)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4))
    left.plot(steps, one, color=COLORS["input"], linewidth=4, alpha=0.4, label="one process")
    left.plot(steps, several, "--", color=COLORS["wrong"], label=label)
    left.set(xlabel="step", ylabel="loss")
    left.legend()
    right.plot(steps[apart > 0], apart[apart > 0], ".", color=COLORS["output"])
    right.set(xlabel="step", ylabel="difference", yscale="log")
    return describe(fig, (
        f"Left the loss of {len(one)} steps, in one process and with {label}: from "
        f"{number(one[0], '.3f')} and {number(several[0], '.3f')} to {number(one[-1], '.3f')} and "
        f"{number(several[-1], '.3f')}. Right their difference: in the first tenth at most "
        f"{number(apart[:max(1, len(apart) // 10)].max(), '.1g')}, in all at most "
        f"{number(apart.max(), '.1g')}."))
