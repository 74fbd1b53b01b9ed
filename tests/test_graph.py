"""common.graph: what flows back is what trying finds."""
import numpy as np
import pytest

from common.functions import sigmoid
from common.gradient import numerical_gradient
from common.graph import Value

POINT = np.array([2.0, 3.0, 1.0, -0.7])


def along(f, point):
    """The value of f(Values), and the gradient that backward leaves in them."""
    values = [Value(number) for number in point]
    end = f(*values)
    end.backward()
    return end.data, np.array([value.grad for value in values])


FORMULAS = {
    "plus": lambda a, b, c, d: a + b + c + d,
    "minus": lambda a, b, c, d: a - b - (c - d),
    "times": lambda a, b, c, d: a * b * c * d,
    "square": lambda a, b, c, d: (a * b + c - d) * (a * b + c - d),
    "used_often": lambda a, b, c, d: a * b + a * c + a * d + a * a * a,
    "shared_step": lambda a, b, c, d: (lambda u: u * u * u - u * c)(a * b - d),
    "plain_numbers": lambda a, b, c, d: (a * 3 + 1 - 0.5) * (b - 2) + c * d,
}


@pytest.mark.parametrize("name", FORMULAS)
def test_backward_agrees_with_trying(name):
    f = FORMULAS[name]
    end, gradient = along(f, POINT)
    assert end == pytest.approx(f(*POINT))
    np.testing.assert_allclose(
        gradient, numerical_gradient(lambda x: f(*x), POINT.copy()), rtol=1e-6, atol=1e-6)


def test_the_line_of_chapter_07():
    end, gradient = along(lambda x, w, b, t: (x * w + b - t) * (x * w + b - t), [2, 3, 1, 5])
    assert end == 4 and gradient.tolist() == [12, 8, 4, -4]


@pytest.mark.parametrize("x", [-800.0, -3.0, 0.0, 0.4, 800.0])
def test_sigmoid(x):
    end, [gradient] = along(lambda a: a.sigmoid(), [x])
    assert end == pytest.approx(float(sigmoid(x)))
    assert gradient == pytest.approx(float(sigmoid(x) * (1 - sigmoid(x))))


def test_a_2_2_1_network_agrees_with_trying():
    rng = np.random.default_rng(3)
    weights = rng.standard_normal(9)

    def error(w, squash):
        h1 = squash(w[0] * 0.5 + w[1] * -2.0 + w[2])
        h2 = squash(w[3] * 0.5 + w[4] * -2.0 + w[5])
        y = squash(w[6] * h1 + w[7] * h2 + w[8])
        return (y - 1.0) * (y - 1.0)

    _, gradient = along(lambda *w: error(w, Value.sigmoid), weights)
    np.testing.assert_allclose(
        gradient, numerical_gradient(lambda w: error(w, sigmoid), weights.copy()), atol=1e-8)


def test_backward_twice_gives_the_same():
    a, b = Value(2.0), Value(5.0)
    end = a * b + a
    end.backward()
    end.backward()
    assert (a.grad, b.grad, end.grad) == (6.0, 2.0, 1.0)


def test_what_the_end_was_not_made_from_is_left_alone():
    a, b = Value(2.0), Value(5.0)
    late = a * b * 3
    (a + 1).backward()
    assert (a.grad, b.grad, late.grad) == (1.0, 0.0, 0.0)


def test_a_long_chain_needs_no_deep_recursion():
    start = end = Value(1.0)
    for _ in range(5000):
        end = end + 1
    end.backward()
    assert end.data == 5001 and start.grad == 1.0


def test_history_and_print():
    a, b = Value(2.0), Value(3.0)
    end = a * b
    assert end.history() == {a, b, end}
    end.backward()
    assert repr(a) == "Value(2, grad 3)"


def test_what_is_no_number_is_an_error():
    with pytest.raises(TypeError):
        Value(1.0) + "2"
