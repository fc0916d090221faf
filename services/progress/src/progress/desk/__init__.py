"""The desk (工作台): which lines wait for whom, and for what."""
