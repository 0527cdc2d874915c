"""What kind of document a text is, by how it is built."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.document import CaseField, DocumentKind
from index.markup import plain
from index.metadata import PRESS_HEAD, lead_agency
from index.outline import QUESTION, Line, LineKind

_HEAD_CHARS = 300
_MIN_RECORDS = _MIN_QUESTIONS = 2
_MAX_CASE_LEVEL = 3
_MIN_ARTICLES = 3
_MAX_BEFORE_ARTICLES = 0.5
"""Share of a text above its first article: further down stands the draft of a rule that a plan encloses."""
_MIN_ROWS, _MIN_ROW_SHARE = 3, 0.4
_PLAN = re.compile(r"(?:계획|방안|전략|로드맵|대책)(?:\s?\([^()]{1,20}\))?$")
_ANNOUNCED = re.compile(r"(?:밝혔|전했|발표했)다\.")
_MAX_ANNOUNCEMENT = 600
_COLLECTION = re.compile(r"사례집|사례\s*모음|우수\s?사례(?:\s?\d+건)?$")
_RULES = re.compile(r"(?:지침|규정|규칙|조례|훈령|예규|고시|내규|(?<![방용기문수])법|법률|시행령|정관)(?:\s*\(안\))?$")
_ENACTED = re.compile(r"(?:제정|개정|시행|발령)(?=[\s/,\])]|$)", re.M)
_ASKS = re.compile(r"(?:까|요|가|나|지)\s*\?$")
_ANSWERS = re.compile(r"^\s*(?:A\s*\d{0,3}|답변?\s*\d{0,2})\s*[.:)\]>．：]")
_MEETING = re.compile(r"회의록|의사록|회의\s*결과|간담회|협의회|위원회|회의")
# "○ 참석: 위원장 등 11명", "참석자	위원 9명"; who was there is what minutes alone tell.
_MARK = r"^[\s○ㅇ●\-·□■*\d.가-하)]{0,6}"
_ATTENDED = re.compile(rf"{_MARK}(?:참\s?석\s?(?:자|위원|인원|기관)?|출석\s?(?:위원|자)?|온\s?사람)\s*[:：\t(]", re.M)
_MET = re.compile(rf"{_MARK}(?:(?:회의\s?)?일\s*[시자](?:\s?및\s?장소)?|때|장\s*소|곳)\s*[:：\t]", re.M)
_MAX_MINUTES_HEAD = 1_000


def document_kind(text: str, title: str, lines: Sequence[Line], declared: object = None) -> DocumentKind:
    """The kind declared in the front matter, else the one the layout shows."""
    if declared in set(DocumentKind):
        return DocumentKind(str(declared))
    records = sum(line.kind is LineKind.RECORD and line.field is CaseField.TITLE for line in lines)
    if records >= _MIN_RECORDS:
        return DocumentKind.CASE_COLLECTION
    if PRESS_HEAD.search(text[:_HEAD_CHARS]) or _announces(text):
        return DocumentKind.PRESS_RELEASE
    if _is_collection(title, lines):
        return DocumentKind.CASE_COLLECTION
    if _is_law(text, title, lines):
        return DocumentKind.LAW
    if _is_minutes(text, title):
        return DocumentKind.MINUTES
    if _is_faq(text, lines):
        return DocumentKind.FAQ
    if _PLAN.search(title):
        return DocumentKind.PLAN
    return DocumentKind.TABLE if _is_table(lines) else DocumentKind.OTHER


def _announces(text: str) -> bool:
    """Whether it begins like a press release without its head: ``가람시(시장 온누리)는 … 밝혔다.``."""
    head = text[:_MAX_ANNOUNCEMENT]
    return bool(lead_agency(head) and _ANNOUNCED.search(head))


def _is_collection(title: str, lines: Sequence[Line]) -> bool:
    headings = [line for line in lines if line.kind is LineKind.HEADING and line.level <= _MAX_CASE_LEVEL]
    numbered = sum(line.label == "사례" for line in headings)
    return numbered >= _MIN_RECORDS or (_COLLECTION.search(title) is not None and len(headings) >= _MIN_RECORDS)


def _is_law(text: str, title: str, lines: Sequence[Line]) -> bool:
    if _RULES.search(title) and _ENACTED.search(text[:_HEAD_CHARS]):
        return True
    articles = [line.start for line in lines if line.label == "조"]
    return len(articles) >= _MIN_ARTICLES and articles[0] <= _MAX_BEFORE_ARTICLES * len(text)


def _is_minutes(text: str, title: str) -> bool:
    head = text[:_MAX_MINUTES_HEAD]
    return bool(_MEETING.search(title) and _ATTENDED.search(head) and _MET.search(head))


def _is_faq(text: str, lines: Sequence[Line]) -> bool:
    """Whether questions head the parts: half of the headings, or each with a line that is marked as its answer."""
    headings = [line for line in lines if line.kind is LineKind.HEADING]
    asking = [line for line in headings if line.label == QUESTION or _ASKS.search(plain(text[line.start : line.end]))]
    answers = sum(_ANSWERS.match(text[line.outer : line.end]) is not None for line in lines)
    return len(asking) >= _MIN_QUESTIONS and (2 * len(asking) >= len(headings) or answers >= len(asking))


def _is_table(lines: Sequence[Line]) -> bool:
    rows = [line.end - line.start for line in lines if line.kind is LineKind.ROW]
    return len(rows) >= _MIN_ROWS and sum(rows) >= _MIN_ROW_SHARE * sum(line.end - line.start for line in lines)
