"""``make demo``: a year of a portfolio and thirty days of its life, told in one page of plain results."""
