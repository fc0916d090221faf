"""Attachments (附件、佐证材料): files that belong to filings, orders, problems and cases."""
