"""Which agency issued a document, from where documents say so: number, head, foot, title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.agency_names import full_names
from index.markup import plain

_HEAD_LINES, _FOOT_LINES, _FIRST_LINES = 14, 3, 4
_SUFFIX = r"(?:부|처|청|위원회|공단|공사|재단|진흥원|관리원|연구원|원|교육청|본부|의회|시|도|군|구)"
# How words end that are no agencies, and kinds of agencies without a name. What the table knows is asked first.
_NO_AGENCY = re.compile(
    r"(?:[정일내외전세간납여학대기첨]부|[출의접락매요래용급][처]|(?:(?<!혁)신|[요초재제시도군구단])청|[추심운사]\w{0,3}위원회|^위원회|"
    r"^(?:공단|공사|재단|의회|교육청|본부)|(?:건설|상수도|하수도|도로|보수|토목|철거|발굴|조림)공사|[지인의직회공병민학법자정임대동구복보상]원|"
    r"[도일실지표즉다드동수상임게예고제생업배반록행용급출입당발요]시|[제정속온지연년족해호여심향보용의시습농각궤철강빈한선차]도|"
    r"[친연요청기도지공입출창복인특가직장전항배]구|[장해공육국비적]군)$"
)
_AGENCY = re.compile(rf"[가-힣·]{{1,18}}{_SUFFIX}")
_DEPARTMENT = re.compile(r"[가-힣A-Za-z·]{2,14}(?:과|팀|실|국|관|단|센터|본부|처|부서)$")
# Alone on a line or in a title only these endings tell; the others end too many words.
_TELLING = re.compile(r"(?:처|청|위원회)$")
_NUMBERED_BY = re.compile(
    r"^\[?\s*(?P<agency>[가-힣]{2,20}?)\s?(?:조례|규칙|훈령|예규|고시|공고|지침|규정)\s*제\s?[\d-]+\s*호"
)
_SAID = re.compile(
    r"^[\W_]*(?:작성|담당|주관|발행|주최|제공(?:\s?부서)?|담당\s?기관|소관\s?부처|발행\s?기관|제출)\s*[:：]\s*(?P<agency>\S.{1,80})$"
)
_OWN_BODY = re.compile(r"(?:재단|공사|공단|진흥원|교육청)$")
_JOINT = re.compile(r"^(?:관계\s?부처|범정부)\s?합동$")
_BESIDE = re.compile(
    r"(?:전부|일부)?\s?(?:제정|개정|시행|발령)(?=\s|$)|"
    r"\(?(?:19|20)\d{2}\s*[.년\-/]\s*\d{1,2}\s*[.월\-/]?(?:\s*\d{1,2}\s*[.일]?)?(?:\s*\([월화수목금토일]\))?(?:\s*기준)?\)?"
    r"|0\d{1,2}-\d{3,4}-\d{4}|(?:배포\s?일시|(?:작성|공고|기준)일)\s*[:：]?|(?<!\S)담당\s?\S+$|[/|,]"
)
_IN_BRACKETS = re.compile(r"\(([^()]{1,20})\)")
_TITLE_START = re.compile(r"^\W*(?:(?:19|20)?\d{2}(?:년도?)?\s+|제\s?\d+[차회]\s+)*(?P<agency>[가-힣·]+?)(?=[\s,]|$)")
_SECTION = re.compile(r"^(?:#{1,4}\s+)?(?:[ⅠⅡI]\s*[.．]|□|제\s?1\s?[장조]|0?1\s*[.)]?\s)|^#{2,}\s")
_BODY_CHARS = 1_500
_ANNOUNCES = re.compile(r"^\W*(?P<agency>[가-힣·]{2,20})[은는]\s[^\n]{0,300}?(?:밝혔|발표했|전했)", re.MULTILINE)
_LAW = re.compile(r"(?:조례|규칙|규정|지침)$")
_ACTS = r"(?:은|는|이|가|청은|청이|청\s|시장|군수|구청장|장은|에서)"


def is_agency(name: str, known: frozenset[str] | None = None) -> bool:
    """Whether ``name`` is a ``known`` agency, or built like the name of one: ``가람시``, ``물환경위원회``."""
    if name in (full_names() if known is None else known):
        return True
    return len(name) >= 3 and _AGENCY.fullmatch(name) is not None and not _NO_AGENCY.search(name)


def issuing_agency(text: str, title: str, known: frozenset[str] | None = None) -> str:
    """The agency that a document is of, as it writes it; empty where none is named.

    ``known`` are the names that need no other sign; by default those that ship with the package.
    """
    lines = [said for line in text.split("\n") if (said := plain(line).strip())]
    head, foot = list(_above_sections(lines[:_HEAD_LINES])), lines[-_FOOT_LINES:]
    signs = _Signs(full_names() if known is None else known)
    ways = (
        signs.numbered_by([*head, *foot]),
        signs.said(head),
        signs.alone(head),
        signs.of_title(title, text),
        signs.announces(text),
        signs.alone(foot),
    )
    return next((found for way in ways for found in way), "")


def _above_sections(lines: Sequence[str]) -> Iterator[str]:
    """Below the heading of a section an agency is in charge of something, not the issuer of all."""
    for number, line in enumerate(lines):
        if number and _SECTION.match(line):
            return
        yield line


class _Signs:
    """What tells the issuer, one sign a method."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known

    def numbered_by(self, lines: Sequence[str]) -> Iterator[str]:
        for line in lines:
            for part in re.split(r"(?<=\])\s*(?=\[)", line):
                found = _NUMBERED_BY.match(part)
                if found and is_agency(found["agency"], self._known):
                    yield found["agency"]

    def said(self, lines: Sequence[str]) -> Iterator[str]:
        for line in lines:
            for part in re.split(r"\s+/\s+", line):
                found = _SAID.match(part)
                if found and (named := self._only(found["agency"], enough=True)):
                    yield named

    def alone(self, lines: Sequence[str]) -> Iterator[str]:
        for number, line in enumerate(lines):
            if _JOINT.match(line):
                yield line
            elif "\t" not in line and (named := self._only(line, enough=False, first=number < _FIRST_LINES)):
                yield named

    def of_title(self, title: str, text: str) -> Iterator[str]:
        """The agency that a title begins with, where it is known, speaks (``가람시, …``) or acts in the text."""
        found = _TITLE_START.match(title)
        if found is None:
            return
        name = found["agency"]
        speaks = title.startswith(",", found.end())
        told = (
            speaks
            or _LAW.search(title)
            or _TELLING.search(name)
            or re.search(rf"(?<![가-힣]){re.escape(name)}{_ACTS}", text)
        )
        if name in self._known or (told and is_agency(name, self._known)):
            yield name

    def announces(self, text: str) -> Iterator[str]:
        """``가람시는 … 밝혔다``, in the first paragraphs."""
        for found in _ANNOUNCES.finditer(text, 0, _BODY_CHARS):
            if is_agency(found["agency"], self._known):
                yield found["agency"]

    def _only(self, line: str, *, enough: bool, first: bool = False) -> str:
        """The agency where a line holds nothing else but a department, a date, a telephone number.

        ``enough``: the name alone will do; ``first``: so will a known one.
        """
        bare = _BESIDE.sub(" ", line)
        words = _IN_BRACKETS.sub(r" \1 ", bare).split()
        if not words or len(words) > 3 or not is_agency(words[0], self._known):
            return ""
        rest = words[1:]
        if any(not _DEPARTMENT.match(word) and not is_agency(word, self._known) for word in rest):
            return ""
        alone = not rest and bare.strip() == line
        if alone and not (enough or _TELLING.search(words[0]) or (first and words[0] in self._known)):
            return ""
        # 한울도 일자리재단: a body of its own rather than a department.
        return f"{words[0]} {rest[0]}" if rest and _OWN_BODY.search(rest[0]) else words[0]
