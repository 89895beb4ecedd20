"""The product with one mechanism taken out, to show that a campaign would notice."""
