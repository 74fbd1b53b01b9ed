"""The error of the course: one sentence for a reader, shown without a traceback."""


class CourseError(Exception):
    """Something that a reader can mend; its message says what is wrong and what to do."""
