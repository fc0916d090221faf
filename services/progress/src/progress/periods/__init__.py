"""Reporting periods (报告期): what the province asks for, until when, and how much of it has come."""
