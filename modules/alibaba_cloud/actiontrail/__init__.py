"""The service `actiontrail`: events read with the API call LookupEvents."""
