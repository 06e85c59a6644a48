"""Made-up trusts: the small sample of `trigpoint new`, and the demo trust with all the mess of a real one."""
