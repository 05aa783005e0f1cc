"""The rule language: read it, check it, say it aloud. Compiled to SQL in ``storage/rule_sql.py``.

Source: meaning.md, *Rules*.
"""
