"""A result as Markdown, for pull requests and summaries of CI."""
