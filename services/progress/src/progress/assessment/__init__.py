"""Assessments (考评): a scheme a year, scores computed from facts, publication, objections."""
