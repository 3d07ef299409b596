// A kiosk's screen is everybody's: what one person leaves on it is not for the next. Before it is emptied it asks.
"use strict";
const dialog = document.getElementById("kiosk");
const quiet = Number(dialog.dataset.seconds) * 1000;
const asking = 20 * 1000;
let timer;

function begin() {
  clearTimeout(timer);
  timer = setTimeout(ask, quiet);
}

function ask() {
  dialog.showModal();
  timer = setTimeout(() => location.replace(dialog.dataset.address), asking);
}

dialog.addEventListener("close", begin);
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => dialog.open || begin(), { passive: true });
}
// An untouched form has nothing on it to hide.
if (dialog.dataset.begins === "at once") begin();
