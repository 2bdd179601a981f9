"""What every server reads before it answers, read once for all that are forked off one process.

The word lists, the catalogues and the census take longer to read than most trials do.
"""

import gc

from bot.app.serving import BEFOREHAND
from bot.kinds import manifests
from flows.kinds import kinds
from flows.understanding import danger, opt_out
from flows.wording import catalogue
from flows.wording.text import LANGUAGES

kinds()
manifests()
for read in BEFOREHAND:
    read()
danger.danger("bonjour")
opt_out.wish("bonjour")
for language in LANGUAGES:
    catalogue(language)
# A collection in a fork would copy all of it.
gc.freeze()
