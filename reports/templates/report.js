"use strict";
// Without this script everything can be read; with it, checks are filtered and tables sorted.
(() => {
  const by = (id) => document.getElementById(id);
  const rows = [...by("check-table").tBodies[0].rows];
  const statuses = [...document.querySelectorAll("[data-status][aria-pressed]")];
  const family = by("family"), concerns = by("concerns"), find = by("find"), unfold = by("unfold");

  const filter = () => {
    const words = find.value.trim().toLowerCase();
    const on = new Set(statuses.filter((b) => b.ariaPressed === "true").map((b) => b.dataset.status));
    let shown = 0;
    for (const row of rows) {
      const is = row.dataset;
      row.hidden = !(on.has(row.className)
        && (!family.value || is.family === family.value)
        && (!concerns || !concerns.value || (is.concerns ?? concerns.value).split(" ").includes(concerns.value))
        && (!words || row.textContent.toLowerCase().includes(words)));
      shown += !row.hidden;
    }
    by("found").textContent = `${shown} of ${rows.length} checks`;
  };
  // On a narrow screen what passes is folded; whoever looks for something looks there too.
  const everywhere = () => {
    const sound = by("sound");
    if (sound) sound.open = true;
    filter();
  };
  for (const button of statuses) {
    button.addEventListener("click", () => {
      button.ariaPressed = String(button.ariaPressed !== "true");
      everywhere();
    });
  }
  for (const field of [find, family, concerns]) field?.addEventListener("input", everywhere);
  unfold.addEventListener("click", () => {
    const open = unfold.ariaPressed !== "true";
    unfold.ariaPressed = String(open);
    unfold.textContent = open ? "Close all" : "Open all";
    for (const row of rows) row.querySelector("details").open = open;
    if (open) everywhere();
  });
  by("tools").hidden = false;
  filter();

  const value = (row, at, kind) => {
    if (kind === "status") return ["fail", "warn", "pass", "info"].indexOf(row.className);
    const cell = row.cells[at];
    const text = cell.dataset.v ?? cell.textContent.trim();
    if (kind !== "number") return text;
    const number = Number.parseFloat(text.replaceAll(",", ""));
    return Number.isNaN(number) ? null : number;
  };
  const compare = (left, right) => {
    if (left === null || right === null) return (left === null) - (right === null);
    return typeof left === "number" ? left - right : left.localeCompare(right, "en");
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    for (const head of heads.filter((each) => each.dataset.sort)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.ariaSort === "ascending";
        for (const each of heads) each.removeAttribute("aria-sort");
        head.ariaSort = down ? "descending" : "ascending";
        const body = table.tBodies[0], at = head.cellIndex, kind = head.dataset.sort;
        const sorted = [...body.rows].sort((l, r) => {
          const a = value(l, at, kind), b = value(r, at, kind);
          return (a === null || b === null || !down ? 1 : -1) * compare(a, b);
        });
        body.append(...sorted);
      });
    }
  }

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
})();
