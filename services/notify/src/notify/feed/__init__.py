"""The events of progress over HTTP (事件补读), for integrators without Kafka."""
