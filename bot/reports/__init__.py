"""Reports: a Summary as a file that staff download.

`rendered` puts a summary into one language; `csv`, `xlsx` and `json` write it out. All three say
what they are, when they were made, with which filters and from how many responses. What is too
small to show is taken out before (`flows.statistics.disclosure`), so no format can show it.
"""
