"""How a process of ours lives: its settings, clocks, ids, log and orderly end."""
