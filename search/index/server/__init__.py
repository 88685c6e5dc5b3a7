"""The server of Elasticsearch: how it is reached, written in bulk, and which of its indexes are ours."""
