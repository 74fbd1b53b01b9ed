"""What the pictures of slopes and of the way downhill show."""
import matplotlib.pyplot as plt
import numpy as np
import pytest
from contrary import Contrary

from common.figures import descent as draw
from common.figures.style import to_png, use_style
from common.language import speaking


def bowl(x):
    return (x ** 2).sum(axis=-1)


CONTRARY = {
    draw.secants: Contrary(
        (lambda x: -2 * x, 1.0, [1.0, 0.5]), says=("h = 1: −2.000; h = 0.5: −2.000",),
        never=("closer",)),
    draw.gradient_arrows: Contrary(
        (np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([[-2.0, 0.0], [-1.0, 0.0]])),
        says=("0 of them point inwards", "their lengths go from 1.0 to 2.0"), never=("longer",)),
    draw.descent_on_surface: Contrary(
        (lambda x: x[..., 0] + 9, np.array([[0.0, 0.0], [1.0, 0.0]])),
        says=("a surface with a path of 1 step on it", "From height 9.00 to 10 in 1 step."),
        never=("bowl", "down")),
    draw.descents: Contrary(
        (bowl, {"away": np.array([[1.0, 0.0], [9.0, 0.0]])}),
        says=("away: From height 1.00 to 81 in 1 step; it leaves the map at step 1.",)),
}


def test_the_star_is_at_the_lowest_point_of_the_map():
    fig = draw.descents(lambda x: bowl(x - [2.0, -1.0]), {"": np.array([[3.0, 0.0], [2.5, 0.0]])})
    [star] = [line for line in fig.axes[0].lines if line.get_marker() == "*"]
    np.testing.assert_allclose(star.get_xydata(), [[2, -1]], atol=0.05)

def legend(fig):
    return [text.get_text() for text in fig.legends[0].get_texts()]


def test_secants_have_the_slope_between_their_points():
    fig = draw.secants(lambda x: x ** 3, 1.0, [1.0, 0.1])
    lines = fig.axes[0].lines
    for line, points, slope in [(lines[1], lines[2], 4.0), (lines[3], lines[4], 3.01)]:
        x, y = line.get_data()
        assert (y[-1] - y[0]) / (x[-1] - x[0]) == pytest.approx(slope)
        np.testing.assert_allclose(np.interp(points.get_xdata(), x, y), points.get_ydata(),
                                   atol=1e-12)
    assert "h = 1: 4.000; h = 0.1: 3.010" in fig.alternative_text


def test_gradient_arrows_go_down():
    x = np.array([[1.0, 0], [0, 2], [0, 0]])
    fig = draw.gradient_arrows(x, 2 * x)
    quiver = fig.axes[0].collections[0]
    np.testing.assert_array_equal(np.c_[quiver.U, quiver.V], -2 * x)
    assert "2 of them point inwards" in fig.alternative_text
    assert "from 0.0 to 4.0" in fig.alternative_text


def test_descent_on_surface_shows_the_path_on_both():
    path = np.array([[3.0, 4], [1.5, 2], [0.0, 1]])
    fig = draw.descent_on_surface(bowl, path)
    space, flat = fig.axes
    np.testing.assert_allclose(np.array(space.lines[0].get_data_3d()).T, np.c_[path, bowl(path)])
    np.testing.assert_array_equal(flat.lines[0].get_xydata(), path)
    assert "From height 25.00 to 1 in 2 steps" in fig.alternative_text


def test_descents_say_where_a_path_leaves_the_map():
    inside = np.array([[3.0, 4], [1, 1]])
    leaves = np.array([[3.0, 4], [4, 4], [9, 9], [1, 1]])
    nan = np.array([[3.0, 4], [np.nan, 0]])
    fig = draw.descents(bowl, {"in": inside, "out": leaves, "nan": nan})
    drawn = [axes.lines[0].get_xydata() for axes in fig.axes]
    np.testing.assert_array_equal(drawn[0], inside)
    np.testing.assert_array_equal(drawn[1], leaves[:3])
    np.testing.assert_array_equal(drawn[2], nan)
    assert [axes.get_title() for axes in fig.axes] == ["in", "out", "nan"]
    ends = [[line for line in axes.lines if line.get_marker() == "X"] for axes in fig.axes]
    assert [len(lines) for lines in ends] == [1, 0, 0]  # no end is drawn where the path goes on
    assert ends[0][0].get_xydata().tolist() == [[1, 1]]
    said = [[text.get_text() for text in axes.texts] for axes in fig.axes]
    assert said == [[], ["leaves the map at step 2"], ["leaves the map at step 1"]]
    assert "in: From height 25.00 to 2 in 1 step." in fig.alternative_text
    assert "in 3 steps; it leaves the map at step 2." in fig.alternative_text


def test_the_marks_are_explained_in_the_picture():
    path = np.array([[3.0, 4], [1, 1]])
    for fig in draw.descents(bowl, {"a": path}), draw.descent_on_surface(bowl, path):
        assert legend(fig) == ["start", "end", "lowest point"]


@pytest.mark.parametrize("name", ["en", "ja"])
def test_the_titles_of_four_walks_fit_side_by_side_on_a_slide(tmp_path, monkeypatch, name):
    (tmp_path / "slides").mkdir()
    monkeypatch.chdir(tmp_path / "slides")
    path = np.array([[3.0, 4], [1, 1]])
    with plt.rc_context(), speaking(name):
        use_style()
        fig = draw.descents(bowl, {title: path for title in (
            "SGD, lr 0.89", "Momentum, lr 1.26", "AdaGrad, lr 10.00", "Adam, lr 0.45")})
        to_png(fig)
        fig.draw_without_rendering()  # at the figure's own resolution again
    titles = [axes.title.get_window_extent() for axes in fig.axes]
    assert all(left.x1 < right.x0 for left, right in zip(titles, titles[1:]))
