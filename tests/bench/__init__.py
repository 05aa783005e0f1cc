"""Benchmarks: what the machine could do, what the product does, and the ratio of both, measured in one run.

``make bench`` runs all of them, ``make bench ONLY=relay`` one. A figure counts only as a ratio: limit and product take
turns in the same run, and the median of the pairs is shown. They are no tests: nothing here fails for being slow.
"""

import logging

import structlog

# What they print is figures; what services tell an operator meanwhile is not.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
