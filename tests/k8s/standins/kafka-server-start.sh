#!/bin/bash -eu
exec java $KAFKA_HEAP_OPTS ${KAFKA_LOG4J_OPTS:-} ${KAFKA_OPTS:-} -cp "/opt/kafka/libs/*" kafka.Kafka "$@"
