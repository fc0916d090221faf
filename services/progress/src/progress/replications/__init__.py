"""Replications (复制推广): what the other zones make of a published case, followed to the end."""
