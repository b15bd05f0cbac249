"""Where the areas meet the world: settings, addresses, access, pages, the API and the command line."""
