"""Speed, import time and size, measured against the ways a user has without this project.

``python -m benchmarks [--quick] [--json FILE] [--strict] [--only TOPIC]`` prints one table a topic. Figures are ratios
to a baseline of the same run: the machine's own speed and noise hit all rows alike.
"""
