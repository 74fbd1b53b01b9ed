"""common.functions against Chainer's functions, and at the edge of what a float can hold."""
import warnings

import chainer.functions as F
import numpy as np
import pytest

from common.functions import identity, relu, sigmoid, softmax, step

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
