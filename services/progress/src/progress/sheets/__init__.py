"""Sheets (填报表): a period's filings as Excel, filled out of the portal, previewed and taken over row by row."""
