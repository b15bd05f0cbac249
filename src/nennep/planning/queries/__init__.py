"""Questions about plans; they never write."""
