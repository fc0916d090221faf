"""Staged goals for the share of tasks done (落地率), and the share that is done."""
