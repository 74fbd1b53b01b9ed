"""common.functions against Chainer's functions, and at the edge of what a float can hold."""
import warnings

import chainer.functions as F
import numpy as np
import pytest

from common.functions import (
    cross_entropy_error,
    identity,
    label_indices,
    mean_squared_error,
    relu,
    sigmoid,
    softmax,
    step,
)

rng = np.random.default_rng(0)
BATCH = rng.normal(0, 3, (7, 5)).astype(np.float32)
HUGE = np.finfo(np.float32).max
ORACLES = [(sigmoid, F.sigmoid), (relu, F.relu), (softmax, F.softmax)]


@pytest.mark.parametrize("function, oracle", ORACLES)
def test_agrees_with_chainer_on_a_batch(function, oracle):
    np.testing.assert_allclose(function(BATCH), oracle(BATCH).array, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("function", [step, sigmoid, relu, identity, softmax])
def test_one_row_is_a_row_of_the_batch(function):
    batch = function(BATCH)
    for row, expected in zip(BATCH, batch):
        np.testing.assert_array_equal(function(row), expected)


@pytest.mark.parametrize("function", [step, sigmoid, relu, identity, softmax])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_dtype_and_input(function, dtype):
    x = BATCH.astype(dtype)
    before = x.copy()
    assert function(x).dtype == dtype
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("function", [step, sigmoid, relu, softmax])
def test_finite_for_any_finite_input_without_a_warning(function):
    x = np.array([[-HUGE, HUGE, 0.0], [-1e4, 1e4, 88.8], [-HUGE] * 3, [HUGE] * 3], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(function(x)).all()


def test_step_is_zero_at_zero():
    np.testing.assert_array_equal(step(np.array([-0.1, 0.0, 0.1])), [0.0, 0.0, 1.0])


def test_sigmoid_is_exact_far_below_zero():
    np.testing.assert_allclose(sigmoid(np.float64(-700.0)), np.exp(-700.0), rtol=1e-12)


def test_softmax_of_the_book():
    np.testing.assert_allclose(
        softmax(np.array([1010, 1000, 990])),
        [9.99954600e-01, 4.53978686e-05, 2.06106005e-09], rtol=1e-8)


def test_softmax_rows_sum_to_one_and_keep_the_order():
    y = softmax(BATCH)
    np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(np.argsort(y, axis=1), np.argsort(BATCH, axis=1))


def test_softmax_without_a_class_says_so():
    with pytest.raises(ValueError, match=r"at least one class.*\(3, 0\)"):
        softmax(np.zeros((3, 0)))
    with pytest.raises(ValueError, match="at least one class"):
        softmax(1.0)


@pytest.mark.parametrize("function", [step, sigmoid, relu, softmax])
@pytest.mark.parametrize("x", [np.array(["a", "b"]), np.array([1j, 2j]), np.array([None, 1])])
def test_what_is_not_a_real_number_is_refused(function, x):
    with pytest.raises(TypeError, match="real numbers"):
        function(x)


def test_lists_and_integers_are_taken():
    np.testing.assert_allclose(sigmoid([0, 1]), [0.5, 1 / (1 + np.exp(-1))])
    np.testing.assert_array_equal(relu(np.array([-2, 3], np.int64)), [0, 3])


# Losses

BOOK_T = np.array([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
BOOK_Y = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])


def test_losses_of_the_book():
    """Section 4.2: the answer 2, given a probability of 0.6; the answer 7 given 0.6 instead."""
    assert mean_squared_error(BOOK_Y, BOOK_T) == pytest.approx(0.0975)
    assert cross_entropy_error(BOOK_Y, BOOK_T) == pytest.approx(-np.log(0.6))
    wrong = BOOK_Y[[0, 1, 7, 3, 4, 5, 6, 2, 8, 9]]
    assert mean_squared_error(wrong, BOOK_T) == pytest.approx(0.5975)
    assert cross_entropy_error(wrong, BOOK_T) == pytest.approx(-np.log(0.1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_agree_with_chainer(dtype):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        shape = rng.integers(1, 6), rng.integers(2, 6)
        logits, other = (rng.normal(0, 3, shape).astype(dtype) for _ in range(2))
        t = rng.integers(0, shape[1], shape[0])
        one_hot = np.eye(shape[1])[t]
        squares = F.mean_squared_error(logits, other).array * shape[1] / 2  # Chainer's is a mean
        entropy = F.softmax_cross_entropy(logits, t.astype(np.int32)).array
        for loss, expected in [(mean_squared_error(logits, other), squares),
                               (cross_entropy_error(softmax(logits), t), entropy),
                               (cross_entropy_error(softmax(logits), one_hot), entropy)]:
            assert loss.dtype == dtype and loss.shape == ()
            np.testing.assert_allclose(loss, expected, rtol=1e-4 if dtype == np.float32 else 1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_of_probability_zero_is_finite_without_a_warning(dtype):
    y = np.array([[0, 1], [1, 0]], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 80 < cross_entropy_error(y, np.array([0, 1])) < np.inf
        assert cross_entropy_error(y, np.array([1, 0])) == 0


def test_one_row_is_a_batch_of_one():
    y = softmax(BATCH[:1])
    assert cross_entropy_error(y[0], 3) == cross_entropy_error(y, np.array([3]))
    assert mean_squared_error(y[0], np.eye(5)[3]) == mean_squared_error(y, np.eye(5)[3:4])


def test_labels_may_be_a_list_or_one_hot_of_any_kind():
    y = softmax(BATCH[:2])
    for t in ([3, 1], np.array([3, 1], np.uint8), np.eye(5)[[3, 1]], np.eye(5, dtype=bool)[[3, 1]]):
        np.testing.assert_array_equal(label_indices(t, y), [3, 1])


@pytest.mark.parametrize("t, error, message", [
    ([0, 5], ValueError, "from 0 to 4, but t reaches from 0 to 5"),
    ([-1, 2], ValueError, "from 0 to 4, but t reaches from -1 to 2"),
    ([0.0, 1.0], TypeError, "whole numbers, but t is float64"),
    ([0], ValueError, r"indices \(2,\) or one-hot rows \(2, 5\), but its shape is \(1,\)"),
    (3, ValueError, r"but its shape is \(\)"),
    (np.eye(4)[[0, 1]], ValueError, r"but its shape is \(2, 4\)"),
    ([[0], [1]], ValueError, r"but its shape is \(2, 1\)"),
    (np.full((2, 5), 0.2), ValueError, "each row must be one-hot"),
    (np.zeros((2, 5), int), ValueError, "each row must be one-hot"),
    (np.array([[0, 1, 2, 3, 4]] * 2), ValueError, "each row must be one-hot"),
])
def test_wrong_labels_are_named(t, error, message):
    with pytest.raises(error, match=message):
        cross_entropy_error(softmax(BATCH[:2]), t)


def test_indices_for_one_row_are_no_one_hot():
    with pytest.raises(ValueError, match="one-hot"):
        cross_entropy_error(softmax(BATCH[0]), [3, 1, 2, 2, 0])


def test_losses_without_a_batch_are_refused():
    with pytest.raises(ValueError, match=r"same shape.*\(7, 5\) and \(7,\)"):
        mean_squared_error(BATCH, np.zeros(7))
    with pytest.raises(ValueError, match="same shape"):
        mean_squared_error(1.0, 2.0)
    with pytest.raises(ValueError, match=r"\(classes,\) or \(batch, classes\).*\(0, 5\)"):
        cross_entropy_error(BATCH[:0], [])
    with pytest.raises(ValueError, match=r"\(batch, classes\).*\(2, 3, 4\)"):
        cross_entropy_error(np.ones((2, 3, 4)), np.zeros((2, 3), int))
