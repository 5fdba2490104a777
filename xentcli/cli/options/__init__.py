"""Every option once: its names, its help and where the help shows it; a file for each panel of the help."""
