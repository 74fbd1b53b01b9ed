"""Assignments: notebooks to fill in, made from solutions/, and their grading."""
CHECK = "check"  # marks, in an output's metadata, what a check shows: the grader reads nothing else
