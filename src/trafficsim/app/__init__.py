"""The dashboard: what a reader moves (`levers`), what is asked and answered (`question`), and the page that shows it.

Only `page` and what it calls need Streamlit, which comes with the extra `[app]`.
"""
