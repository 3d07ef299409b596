// Reads the board anew every five minutes. Nothing moves or takes the focus; what stays the same is not touched.
"use strict";
const every = 5 * 60 * 1000;

async function readAnew() {
  try {
    const response = await fetch(location.href, { cache: "no-store", redirect: "error" });
    if (response.status === 404) {
      // The address was closed: the screen must not go on showing what it had.
      location.reload();
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const board = page.getElementById("board");
    if (!board) throw new Error("no board");
    document.getElementById("board").replaceWith(board);
  } catch {
    const stale = document.querySelector("[data-stale]");
    if (stale) stale.hidden = false;
  }
}

setInterval(readAnew, every);
addEventListener("online", readAnew);
