"""Corrections (更正): what reads the approved versions of a filing, and what each new version changed."""
