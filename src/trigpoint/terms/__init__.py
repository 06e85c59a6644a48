"""The words that every other room uses: errors, periods, units and the panel of observations."""
