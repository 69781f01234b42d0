"""The shell of every page: layout, components, navigation, and what a refusal looks like.

Others register where a role may go (`navigation`) and the words for their keys (`words`), build the plain
rows in `parts`, and write pages that extend `web/base.html` with the tags of `clearpath_web`. Nothing here
knows a subject.
"""
