"""The mail catcher: the local stack's mail gateway and mailbox. Nothing it takes ever leaves this machine."""
