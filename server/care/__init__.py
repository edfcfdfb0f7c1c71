"""The clinical part, readable by a clinician: tables, scripts and texts as JSON, and the small code that reads them."""
