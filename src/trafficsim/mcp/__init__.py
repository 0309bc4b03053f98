"""An MCP server: check, compare, explain and plan as tools of language models.

What tools do is in `questions`, without the SDK; `server` offers them and needs the extra `[mcp]`.
"""
