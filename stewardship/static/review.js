// Keys for what the page does without them, too. A key never records anything: it follows a link,
// presses a button that can be taken back, or chooses a decision and goes to the reason.
"use strict";

const typing = (target) => target.matches("textarea, select, input:not([type=radio])");

function isFor(element, key) {
  return element.dataset.key.split(" ").includes(key) && !element.disabled;
}

function moveInList(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement);
  const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
  return rows.length > 0;
}

function togglePictures() {
  const pictures = [...document.querySelectorAll("details.picture")];
  const open = !pictures.some((picture) => picture.open);
  pictures.forEach((picture) => (picture.open = open));
  if (open) pictures[0]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && event.target.matches("[data-submits]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "g") return togglePictures();
  const step = { j: 1, k: -1 }[event.key];
  if (step && moveInList(step)) return event.preventDefault();
  const found = [...document.querySelectorAll("[data-key]")].find((each) => isFor(each, event.key));
  if (!found) return;
  event.preventDefault();
  found.click();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=radio][data-key]")) {
    document.getElementById("reason")?.focus();
  }
});

document.addEventListener("submit", (event) => {
  // A second press of Enter must not send a form twice.
  if (event.target.dataset.isSent) event.preventDefault();
  event.target.dataset.isSent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form").forEach((form) => delete form.dataset.isSent);
});

document.querySelectorAll("[data-opens]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.getElementById(button.dataset.opens).showModal();
  });
});
