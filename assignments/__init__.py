"""Assignments: notebooks to fill in, made from solutions/, and their grading."""
