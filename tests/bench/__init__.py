"""Speed and memory beside peers: `python -m tests.bench`."""
