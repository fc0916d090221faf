"""Filings (期次填报): what one line owes one period, on its way from the writer to the province's approval."""
