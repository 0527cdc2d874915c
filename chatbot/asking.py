"""The part of a question that asks, without what its writer tells of themselves first.

"몇 년째 아버지를 모시고 있어요. 어디에 신청하나요?" asks for a place and not for a number of years.
"""

from __future__ import annotations

import re

_SENTENCES = re.compile(r"(?<=[.!?…~])\s+")
_STATEMENT = re.compile(
    r"(?:[아어해여워와봐돼]요|니다|[았었했됐갔왔]다|[이한된]다|거든요|네요|예요|에요|음|함|임)[.!…~ㅠㅜ]*$"
)
_REQUEST = re.compile(r"[?？]|주세요|주십|주시|줘|달라|부탁|궁금|싶|바랍|말해|하시오|하라")
_TOLD = re.compile(r"(?:거든요?|[는은인한던]데요?|으?니까|[라다]서)[,.]?\s+")
_TELL = re.compile(r"^\s*(?:좀\s*|혹시\s*)?(?:알려|말해|말씀|가르쳐|답|설명|정리|찾아|확인|알\s*수)")
_MIN_CHARS = 12


def asking_part(question: str) -> str:
    """The sentences that ask, less the clause before (…는데, …거든요) where enough is left behind it."""
    sentences = [part for part in _SENTENCES.split(question.strip()) if part]
    asking = [part for part in sentences if _REQUEST.search(part) or not _STATEMENT.search(part)]
    text = " ".join(asking) if asking else question.strip()
    tail = _TOLD.split(text)[-1]
    return tail if len(tail) >= _MIN_CHARS and not _TELL.match(tail) else text
