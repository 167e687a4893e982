// Pages that refresh themselves: what a person has unfolded stays unfolded.
"use strict";

const unfolded = new Set();

document.addEventListener("htmx:beforeSwap", () => {
  unfolded.clear();
  for (const one of document.querySelectorAll("details[open][id]")) unfolded.add(one.id);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
});
