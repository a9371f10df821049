// Comfort only: everything on the page works without this script.
"use strict";
const words = document.body.dataset;

// Sort a complete table in place; the server sorts the paged one by link.
function cellValue(row, column) {
  const cell = row.cells[column];
  const raw = cell.dataset.value;
  if (raw === undefined) return cell.textContent.trim();
  return raw === "" || raw === "None" ? null : Number(raw);
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), document.documentElement.lang);
}

function sortTable(table, column, head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, value: cellValue(row, column) }));
  rows.sort((x, y) => {
    if (x.value === null || y.value === null) return (x.value === null) - (y.value === null);
    return down ? compare(y.value, x.value) : compare(x.value, y.value);
  });
  body.append(...rows.map((item) => item.row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

for (const table of document.querySelectorAll("table.sortable")) {
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.title = `${words.sort} ${head.textContent}`;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortTable(table, column, head));
  });
}

// Show the name and value of what the mouse points at; the table under each chart has the same.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

for (const chart of document.querySelectorAll("svg.chart")) {
  for (const title of chart.querySelectorAll("path > title, circle > title")) {
    title.parentNode.dataset.tip = title.textContent;
    title.remove();
  }
  chart.addEventListener("pointermove", (event) => {
    const text = event.target.dataset && event.target.dataset.tip;
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(0, Math.min(event.clientX + 14, room))}px`;
    tip.style.top = `${event.clientY + 16}px`;
  });
  chart.addEventListener("pointerleave", () => { tip.hidden = true; });
}

// Offer the address of this very view.
const place = document.querySelector("form.chooser") || document.querySelector(".heading");
if (place && navigator.clipboard) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = words.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "hidden";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    copy.textContent = said.textContent = words.copied;
  });
  place.append(copy, said);
}
