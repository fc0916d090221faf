"""Webhooks (事件推送): the events of progress, posted to the addresses that integrators name."""
