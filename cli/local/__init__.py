"""Running all of Dateline on one machine: a Redis of its own, the API, a worker and Flower, on loopback."""
