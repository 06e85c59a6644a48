"""The command line: for those who may see the whole workspace."""
