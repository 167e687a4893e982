"""A person's browser in small: signs in, follows links, fills in the forms that the pages offer.

It sees nothing but the pages, so what it can do, a person can do without JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class PageError(Exception):
    """A page did not offer what was looked for, or answered with an error."""


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """A page as far as it is of use: its address, its links, its forms."""

    url: str
    status: int
    links: list[str]
    forms: list[Form]

    def link(self, start: str, *, containing: str = "") -> str | None:
        """The first link whose path begins so (and has those words in it)."""
        return next((link for link in self.links if link.startswith(start) and containing in link), None)

    def form(self, *, field_name: str) -> Form:
        """The form that has such a field."""
        for form in self.forms:
            if field_name in form.fields:
                return form
        raise PageError(f"{self.url} has no form with {field_name}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, given, self._form)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name = given.get("name", "")
        if tag == "input" and name:
            chosen = given.get("type") not in ("radio", "checkbox", "submit") or "checked" in given
            if chosen:
                form.fields[name] = given.get("value", "")
        elif tag == "textarea" and name:
            form.fields[name] = ""
            self._textarea = name
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form.fields):
            form.fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None


class Browser:
    """One person's session."""

    def __init__(self, address: str, *, timeout_s: float = 20.0) -> None:
        self._http = httpx.Client(base_url=address, follow_redirects=True, timeout=timeout_s)

    def close(self) -> None:
        self._http.close()

    def sign_in(self, *, email: str, password: str) -> Page:
        page = self.get("/accounts/login/")
        return self.submit(page, page.form(field_name="password"), login=email, password=password)

    def get(self, path: str) -> Page:
        return self._page(self._http.get(path))

    def submit(self, page: Page, form: Form, **fields: str) -> Page:
        """Send a form with some fields filled in, the others as the page gave them."""
        url = urljoin(page.url, form.action or page.url)
        values = form.fields | fields
        if form.method == "post":
            return self._page(self._http.post(url, data=values, headers={"Referer": page.url}))
        return self._page(self._http.get(url, params=values))

    def _page(self, response: httpx.Response) -> Page:
        if response.status_code >= 400:
            raise PageError(f"{response.request.method} {response.url.path} answered {response.status_code}")
        reader = _Reader()
        reader.feed(response.text)
        return Page(str(response.url), response.status_code, reader.links, reader.forms)
