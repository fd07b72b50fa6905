"use strict";
(() => {
  // Beside the report there is room for its contents; above it they would stand before the answer.
  document.querySelector("nav details").open = matchMedia("(min-width: 75rem)").matches;
  // A link to a way chooses it; choosing one puts its link into the address.
  const choose = () => {
    const input = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (input && input.matches("input.p")) {
      input.checked = true;
      input.closest(".walk").scrollIntoView();
    }
  };
  addEventListener("hashchange", choose);
  choose();
  document.querySelectorAll(".walk input.p").forEach((input) =>
    input.addEventListener("change", () => history.replaceState(null, "", "#" + input.id)));

  // Tables of some length can be filtered; every table can be sorted by a column.
  const text = (row, at) => row.cells[at].textContent.trim();
  const value = (cell) => {
    const number = /^-?[\d,]*\.?\d+(e-?\d+)?/i.exec(cell);
    return number ? parseFloat(number[0].replaceAll(",", "")) : NaN;
  };
  const order = (at, up) => (a, b) => {
    const [x, y] = [text(a, at), text(b, at)];
    const [m, n] = [value(x), value(y)];
    const by = Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y) : m - n;
    return up ? by : -by;
  };
  document.querySelectorAll("table").forEach((table) => {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) return;
    table.querySelectorAll("thead th").forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        body.append(...[...body.rows].sort(order(at, up)));
      });
    });
    if (body.rows.length < 8) return;
    const label = document.createElement("label");
    label.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    label.append("Filter rows ", input);
    table.parentElement.before(label);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase();
      for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  });
})();
