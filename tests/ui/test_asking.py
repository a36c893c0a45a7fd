"""A page that asks before it acts."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from mediaplatform.ui.asking import ask_first

WORDS = {"question": "Jeter <tout> ?", "consequence": "Rien ne reste.", "action": "Jeter"}


def test_looking_at_the_page_only_asks(rf: RequestFactory) -> None:
    request = rf.get("/throw/")
    request.user = AnonymousUser()
    asked = ask_first(request, WORDS, back_url="/works/")
    assert asked is not None
    page = asked.content.decode()
    assert [
        words for words in ("Jeter &lt;tout&gt; ?", "Rien ne reste.", 'href="/works/"') if words not in page
    ] == []
    assert '<form class="confirm" method="post">' in page


def test_a_head_request_does_not_act_either(rf: RequestFactory) -> None:
    request = rf.head("/throw/")
    request.user = AnonymousUser()
    assert ask_first(request, WORDS, back_url="/works/") is not None


def test_the_form_that_was_sent_lets_the_act_go_on(rf: RequestFactory) -> None:
    assert ask_first(rf.post("/throw/"), WORDS, back_url="/works/") is None


def test_a_question_without_its_consequence_is_a_mistake_of_ours(rf: RequestFactory) -> None:
    with pytest.raises(KeyError):
        ask_first(rf.get("/throw/"), {"question": "?", "action": "!"}, back_url="/")
