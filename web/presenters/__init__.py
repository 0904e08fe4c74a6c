"""Plain values for pages, made from views and queries. They hold no rule and fetch nothing."""
