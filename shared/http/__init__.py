"""HTTP as all services speak it: problems, keys, limits, versions, pages. Source: contract.md, *HTTP conventions*."""
