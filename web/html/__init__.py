"""The pages' views: parse, one use case or one query, show. A GET never writes; a POST ends in a redirect or a "no"."""
