"""Row data: one row a response, one column a question, for who studies the answers.

`variables` says which columns there are, `table` fills them; `workbook`, `text` and `syntax` write them out,
`book` says what stands in each. A row says nothing about who, but a profile that many share.
"""
