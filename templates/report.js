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

  // What scrolls says so, and can be reached by keyboard; what does not is no stop on the way.
  const wide = () => document.querySelectorAll(".scroll").forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("wide", scrolls);
    box.tabIndex = scrolls ? 0 : -1;
  });
  addEventListener("resize", wide);
  addEventListener("toggle", wide, true);
  wide();

  // Tables of some length can be filtered; every table can be sorted by a column.
  const text = (row, at) => row.cells[at].textContent.trim();
  const value = (cell) => {
    const number = /^-?[\d,]*\.?\d+(e-?\d+)?/i.exec(cell);
    return number ? parseFloat(number[0].replaceAll(",", "")) : NaN;
  };
  const order = (at, up) => (a, b) => {
    const [x, y] = [text(a, at), text(b, at)];
    // A cell that says what it sorts by is not taken by how it reads; one without a place among those comes last.
    const keys = [a, b].map((row) => row.cells[at].dataset.sort);
    if (keys.some((key) => key !== undefined)) {
      if (keys.includes(undefined)) return keys[0] === undefined ? 1 : -1;
      return up ? keys[0] - keys[1] : keys[1] - keys[0];
    }
    const [m, n] = [value(x), value(y)];
    const by = Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y) : m - n;
    return up ? by : -by;
  };
  document.querySelectorAll("table").forEach((table) => {
    const body = table.tBodies[0];
    if (!body || body.rows.length < 2) return;
    const first = [...body.rows];
    table.querySelectorAll("thead th").forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        // Up, down, and back to the order in which the table was told.
        const next = { ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
        table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
        if (next === null) return body.append(...first);
        head.setAttribute("aria-sort", next ?? "ascending");
        body.append(...[...first].sort(order(at, next === undefined)));
      });
    });
    if (body.rows.length < 12) return;
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
