"""The fault run: a whole stack under load, one fault after another, and a checker that knows every accepted write.

``matrix.py`` says what is done to it and what must come of that; ``make chaos`` does it and writes the report. Rooms:
``load`` and ``shapes`` (who writes what), ``history`` (what was accepted), ``proxy`` (where connections are cut and
replicas drained), ``faults`` (one file a family), ``observe`` and ``checks`` (what is there, what must be), ``report``.
"""
