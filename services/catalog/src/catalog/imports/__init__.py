"""Imports of a notice: upload, preview, confirmation."""
