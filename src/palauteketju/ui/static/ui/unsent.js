// Who leaves a page of staff with a text that was written and not sent is asked first, by the browser in its own words;
// also who presses the button of another form on the page. Without this file nothing is missing but the question.
"use strict";
(() => {
  const unsent = new Set();
  document.addEventListener("input", ({ target }) => { if (target.matches("textarea")) unsent.add(target.form); });
  document.addEventListener("submit", ({ target }) => { unsent.delete(target); });
  addEventListener("beforeunload", (event) => { if (unsent.size) event.preventDefault(); });
})();
