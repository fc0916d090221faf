"""Manuscripts (编制稿): plans as they are being written, until they are submitted as drafts of the catalog."""
