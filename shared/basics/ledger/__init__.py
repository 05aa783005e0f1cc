"""The books of one customer, by values alone: which credit pays which debt, and how that stood on a past day.

customers takes every fact into a ``Book`` and tells what it did; hearers keep what they are told, and only for a past
day let ``replay`` take the facts dated till then into a book of their own. Source: meaning.md, *The ledger*.
"""
