"""What can be mended without a doubt, and the ways to show and to make it."""
