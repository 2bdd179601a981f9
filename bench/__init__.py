"""How much work is one conversation step? `make bench`.

    load + provider (this process, one core)  <->  a candidate (its own process, the other core)

A step is: a webhook comes in, what it changes is committed durably, the answer is on the wire.
Three candidates hold the same conversation with the same citizens: `ours`, python-telegram-bot's
own Application (`ptb_application`), and `floor`, the least that could do the job.
"""
