// Keyboard shortcuts of staff pages. Everything they do can be done without them; without this file nothing is missing.
// They rest while somebody types, and the box on the page turns them off for good (WCAG 2.1.4).
"use strict";
(() => {
  const STORED = "palauteketju.shortcuts";
  const TYPING = "textarea, select, input:not([type=checkbox]):not([type=radio]), [contenteditable]";
  const help = document.querySelector("[data-shortcuts]");
  const box = help && help.querySelector("input[type=checkbox]");
  if (!box) return;

  const rows = () => [...document.querySelectorAll(".rows .row-title")];

  function read() {
    try { return localStorage.getItem(STORED) !== "off"; } catch { return true; }
  }

  function keep(on) {
    try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* a browser that stores nothing */ }
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.closest("li").contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function choose() {
    const row = document.activeElement.closest(".rows > li");
    const chosen = row && row.querySelector("input[type=checkbox]");
    if (chosen) chosen.click();
  }

  function go(key) {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    if (target.matches("a")) target.click();
    else target.focus();
    return true;
  }

  function explain() {
    help.open = true;
    help.querySelector("summary").focus();
    help.scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    if (!box.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest(TYPING)) return;
    const known = { j: () => step(1), k: () => step(-1), x: choose, "?": explain };
    if (known[event.key]) known[event.key]();
    else if (!["/", "u", "r"].includes(event.key) || !go(event.key)) return;
    event.preventDefault();
  }

  box.checked = read();
  box.addEventListener("change", () => keep(box.checked));
  help.hidden = false;
  document.addEventListener("keydown", press);
})();
