"""Tables and queries; each function works in the transaction it is given."""
