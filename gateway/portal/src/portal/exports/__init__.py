"""Lists as Excel (导出)."""
