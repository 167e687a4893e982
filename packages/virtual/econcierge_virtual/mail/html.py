"""The catcher's pages as HTML: values in, text out."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from econcierge_virtual.mail.store import Caught, Summary
from econcierge_virtual.mail.words import WORDS

STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--surface:#fff;--ink:#1b1a17;--quiet:#5d5a52;--line:#dcd8cf;
--accent:#0b5d5b;--attention:#9a5b00}
@media(prefers-color-scheme:dark){:root{--paper:#161512;--surface:#1e1d19;--ink:#efece4;--quiet:#a8a397;
--line:#37342d;--accent:#5cc4bf;--attention:#e0a458}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:24px 16px}
h1{font-size:28px;font-weight:600;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:16px;font-weight:600;margin:24px 0 8px}
a{color:var(--accent)}
.quiet{color:var(--quiet);font-size:14px;margin:0 0 16px}
form{display:flex;flex-wrap:wrap;gap:8px;align-items:end;margin:0 0 16px}
label{display:block;font-size:14px}
input,button{font:inherit;min-height:40px;padding:4px 12px;border:1px solid var(--quiet);border-radius:4px;
background:var(--surface);color:var(--ink)}
button{background:var(--accent);border-color:var(--accent);color:var(--paper)}
ol{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
li{border-bottom:1px solid var(--line);padding:12px 0;overflow-wrap:anywhere}
li p{margin:0;font-size:14px;color:var(--quiet)}
.copies{color:var(--attention)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0;font-size:14px}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
iframe{width:100%;height:32rem;border:1px solid var(--line);border-radius:4px;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--surface);border:1px solid var(--line);
border-radius:4px;padding:12px;font:14px/1.5 ui-monospace,monospace;margin:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
"""


SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
LINKS_ELSEWHERE = '<base target="_blank">'


def with_links_elsewhere(message: str) -> str:
    """A message's HTML whose links open beside the catcher's page, so that the demo's buttons work."""
    head = HEAD.search(message)
    place = head.end() if head else 0
    return message[:place] + LINKS_ELSEWHERE + message[place:]


def list_page(summaries: Sequence[Summary], *, recipient: str, language: str) -> str:
    words = WORDS[language]
    rows = "".join(_row(summary, language) for summary in summaries)
    empty = words["none_found"] if recipient else words["none"]
    everything = f'<a href="/">{words["all"]}</a>' if recipient else ""
    body = f"""<h1>{words["title"]}</h1><p class="quiet">{words["intro"]}</p>
<form method="get" action="/"><div><label for="to">{words["search"]}</label>
<input id="to" name="to" type="search" value="{html.escape(recipient)}"></div>
<button>{words["find"]}</button>{everything}</form>
{f"<ol>{rows}</ol>" if rows else f"<p>{empty}</p>"}"""
    return _page(words["title"], body, language)


def _row(summary: Summary, language: str) -> str:
    words = WORDS[language]
    subject = html.escape(summary.subject or words["no_subject"])
    return (
        f'<li><a href="/messages/{summary.number}">{subject}</a>{_copies(summary, language)}'
        f"<p>{words['to']} {html.escape(', '.join(summary.recipients))} · {_moment(summary)}</p></li>"
    )


def _copies(summary: Summary, language: str) -> str:
    if summary.copies == 1:
        return ""
    return f' <span class="copies">{WORDS[language]["copies"].format(count=summary.copies)}</span>'


def _moment(summary: Summary) -> str:
    at = summary.received_at
    return f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M} UTC</time>'


def message_page(caught: Caught, *, language: str) -> str:
    words, summary = WORDS[language], caught.summary
    subject = html.escape(summary.subject or words["no_subject"])
    address = f"/messages/{summary.number}"
    shown = (
        f'<iframe sandbox="{SANDBOX}" title="{words["html"]}" src="{address}/body.html"></iframe>'
        if caught.html is not None
        else f"<p>{words['no_html']}</p>"
    )
    text = f"<pre>{html.escape(caught.text)}</pre>" if caught.text is not None else f"<p>{words['no_text']}</p>"
    headers = "\n".join(f"{html.escape(name)}: {html.escape(value)}" for name, value in caught.headers)
    body = f"""<p class="quiet"><a href="/">{words["back"]}</a></p><h1>{subject}</h1>{_copies(summary, language)}
<dl><dt>{words["from"]}</dt><dd>{html.escape(summary.sender)}</dd>
<dt>{words["to"]}</dt><dd>{html.escape(", ".join(summary.recipients))}</dd>
<dt>{words["received"]}</dt><dd>{_moment(summary)}</dd></dl>
<h2>{words["html"]}</h2>{shown}<h2>{words["text"]}</h2>{text}
<h2>{words["headers"]}</h2><pre>{headers}</pre>
<p><a href="{address}/source">{words["source"]}</a></p>"""
    return _page(summary.subject or words["no_subject"], body, language)


def missing_page(*, language: str) -> str:
    words = WORDS[language]
    body = f'<h1>{words["title"]}</h1><p>{words["missing"]}</p><p><a href="/">{words["back"]}</a></p>'
    return _page(words["title"], body, language)


def _page(title: str, body: str, language: str) -> str:
    return f"""<!doctype html><html lang="{language}-CA"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head>
<body><main>{body}</main></body></html>"""
