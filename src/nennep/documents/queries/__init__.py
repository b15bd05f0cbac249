"""Questions about documents; they never write."""
