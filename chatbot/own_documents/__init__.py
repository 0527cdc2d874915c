"""Documents that a browser brings along for a while: read, indexed and asked over beside the common index."""
