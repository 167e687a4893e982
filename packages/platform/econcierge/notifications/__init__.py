"""What people are told and how it got to them: templates, preferences, and the delivery log.

A message is a row written in the transaction of the thing it tells; a job takes it to the mail server and marks
it after the server's 250. One Message-ID for ever, so a repeat can be seen as one."""
