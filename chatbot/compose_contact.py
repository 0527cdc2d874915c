"""Whom to call: department, name and telephone number from the contact block of the document."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.answer import ContactCard
from chatbot.answer_type import Wanted, holds
from chatbot.draft import Draft, DraftSentence, Passage
from chatbot.evidence import Evidence
from chatbot.understand import AskedFor, Understanding
from index.document import Case, Contact, SearchResult
from index.library import Library
from index.markup import plain

MAX_CONTACTS = 3


def compose_contact(question: str, asked: Understanding, results: Sequence[SearchResult], library: Library) -> Draft:
    """The contacts of the best case that has any, those first whom the question names; empty when there are none."""
    flat = "".join(question.split())
    cases = _cases_in_order(flat, results, library)
    for case in cases:
        people = sorted(case.contacts, key=lambda contact: -_named(flat, contact))
        if not people:
            continue
        if _named(flat, people[0]) > 0:
            people = [contact for contact in people if _named(flat, contact) == _named(flat, people[0])]
        lines = [_line(contact, case, library) for contact in people[:MAX_CONTACTS]]
        found = tuple(line for line in lines if line is not None)
        if found:
            phone = people[0].phone if asked.asked_for is AskedFor.PHONE and len(people) == 1 else None
            cards = tuple(card(contact) for contact in people[:MAX_CONTACTS])
            return Draft(found, short_answer=phone, confidence=0.9, contacts=cards, settled=True)
    return Draft()


def with_number_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The candidates with the likeliest one that holds a telephone number first, if the best case has one.

    For documents whose contact stands in a sentence (문의: 상담센터(☎1350)) and not in a block of its own.
    """
    if not evidence:
        return []
    wanted = Wanted(AskedFor.PHONE, "")
    case_id = evidence[0].case.case_id
    found = next(
        (item for item in evidence if item.case.case_id == case_id and holds(wanted, plain(item.sentence.text))), None
    )
    return list(evidence) if found is None else [found, *(item for item in evidence if item is not found)]


def card(contact: Contact) -> ContactCard:
    """The contact as an answer carries it."""
    return ContactCard(department=contact.department, name=contact.name, phone=contact.phone, role=contact.role)


def contact_phrase(contact: Contact) -> str:
    """``부서 이름(전화)`` in one phrase."""
    who = " ".join(part for part in (contact.department, contact.name) if part)
    return f"{who}({contact.phone})" if who else contact.phone


def nearest_contacts(evidence: Sequence[Evidence]) -> tuple[Contact, ...]:
    """Contacts of the best candidate's case, for a refusal that says whom to ask."""
    return evidence[0].case.contacts[:2] if evidence else ()


def _cases_in_order(flat: str, results: Sequence[SearchResult], library: Library) -> list[Case]:
    """A case whose contact the question names goes first, then by rank; each document once."""
    ranked = [library.case(result.chunk.case_id) for result in results]
    named = [case for case in ranked if any(_named(flat, contact) >= 2 for contact in case.contacts)]
    return list({case.document_id: case for case in reversed([*named, *ranked])}.values())[::-1]


def _named(flat: str, contact: Contact) -> int:
    """3 for the person's own name, 1 for the rank or the role, 0 for neither; ranks and roles add up."""
    name, _, rank = contact.name.partition(" ")
    points = 3 if len(name) >= 2 and name in flat else 0
    points += 1 if rank and rank in flat else 0
    role = contact.role.removesuffix("자")
    return points + (1 if role and role in flat else 0)


def _line(contact: Contact, case: Case, library: Library) -> DraftSentence | None:
    """The sentence with the line of the document that holds the number."""
    text = library.document(case.document_id).text
    position = text.find(contact.phone)
    if position < 0:
        return None
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    while start < position and text[start].isspace():
        start += 1
    role = f"({contact.role})" if contact.role else ""
    who = " ".join(part for part in (contact.department, contact.name) if part)
    return DraftSentence(f"{who}{role} 전화번호는 {contact.phone}입니다.", (Passage(case, start, end),), fixed=True)
