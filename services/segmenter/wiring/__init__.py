"""What each role and the commands are made of, opened once and closed in reverse; a process imports its own alone."""
