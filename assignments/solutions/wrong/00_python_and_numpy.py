# Plausible wrong answers, one a section: the exercise, then what is wrong. Each costs its points.
# %% 00-fizzbuzz | the last number is missing
def fizzbuzz(last):
    return ["Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or str(n) for n in range(1, last)]
# %% 00-fizzbuzz | the question for 3 comes first
def fizzbuzz(last):
    words = []
    for n in range(1, last + 1):
        if n % 3 == 0:
            words.append("Fizz")
        elif n % 5 == 0:
            words.append("Buzz")
        else:
            words.append(str(n))
    return words
# %% 00-fizzbuzz | numbers among the texts
def fizzbuzz(last):
    return ["Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or n for n in range(1, last + 1)]
# %% 00-fizzbuzz | printed, not returned
def fizzbuzz(last):
    for n in range(1, last + 1):
        print("Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or n)
# %% 00-step | 0 counts as positive
def step(u):
    return np.where(u >= 0, 1, 0)
# %% 00-step | the mask itself
def step(u):
    return u > 0
# %% 00-step | floating-point numbers
def step(u):
    return np.where(u > 0, 1.0, 0.0)
# %% 00-step | works for one axis only
def step(u):
    return np.array([1 if value > 0 else 0 for value in u])
# %% 00-framed | the image itself is changed
def framed(image):
    image[[0, -1]] = 0
    image[:, [0, -1]] = 0
    return image
# %% 00-framed | rows only
def framed(image):
    image = image.copy()
    image[[0, -1]] = 0
    return image
# %% 00-framed | first row and column only
def framed(image):
    image = image.copy()
    image[0], image[:, 0] = 0, 0
    return image
# %% 00-framed | the end of the slice is taken for part of it
def framed(image):
    image = image.copy()
    image[0:], image[:, 0:] = 0, 0
    return image
# %% 00-answers | along the wrong axis
def answers(p, least):
    return np.where(p.max(axis=0) < least, -1, p.argmax(axis=0))
# %% 00-answers | least itself is refused
def answers(p, least):
    return np.where(p.max(axis=1) <= least, -1, p.argmax(axis=1))
# %% 00-answers | the probability, not its place
def answers(p, least):
    return np.where(p.max(axis=1) < least, -1, p.max(axis=1))
# %% 00-answers | the two cases are exchanged
def answers(p, least):
    return np.where(p.max(axis=1) < least, p.argmax(axis=1), -1)
# %% 00-answers | nobody is refused
def answers(p, least):
    return p.argmax(axis=1)
# %% 00-bright | one number for all images
def bright_pixels(images, level):
    return (images > level).sum()
# %% 00-bright | adds up the brightness
def bright_pixels(images, level):
    return np.where(images > level, images, 0).sum(axis=(1, 2))
# %% 00-bright | adds up everything
def bright_pixels(images, level):
    return images.sum(axis=(1, 2))
# %% 00-bright | level itself counts
def bright_pixels(images, level):
    return (images >= level).sum(axis=(1, 2))
# %% 00-bright | along one axis only
def bright_pixels(images, level):
    return (images > level).sum(axis=1)
# %% 00-running-mean | divides by zero
class RunningMean:
    def __init__(self):
        self.count, self.total = 0, np.float64(0)

    def add(self, value):
        self.count += 1
        self.total += value

    def mean(self):
        with np.errstate(invalid="ignore"):
            return self.total / self.count
# %% 00-running-mean | remembers the last value only
class RunningMean:
    def __init__(self):
        self.count, self.last = 0, 0.0

    def add(self, value):
        self.count += 1
        self.last = value

    def mean(self):
        return self.last
# %% 00-running-mean | the sum
class RunningMean:
    def __init__(self):
        self.count, self.total = 0, 0.0

    def add(self, value):
        self.count += 1
        self.total += value

    def mean(self):
        return self.total
# %% 00-running-mean | one list for all objects
class RunningMean:
    values = []

    @property
    def count(self):
        return len(self.values)

    def add(self, value):
        self.values.append(value)

    def mean(self):
        return sum(self.values) / len(self.values) if self.values else 0.0
# %% 00-slope | the run is half of what it is
def slope(f, x, width):
    return (f(x + width) - f(x - width)) / width
# %% 00-slope | begins at x
def slope(f, x, width):
    return (f(x + width) - f(x)) / width
# %% 00-slope | run divided by rise
def slope(f, x, width):
    rise = f(x + width) - f(x - width)
    return np.divide(2 * width, rise, out=np.zeros_like(rise), where=rise != 0)
# %% 00-slope | the points in the wrong order
def slope(f, x, width):
    return (f(x - width) - f(x + width)) / (2 * width)
