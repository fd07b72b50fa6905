// Looks at report.html as people do: no console error, no request, choosing and filtering work, nothing overlaps or is cut, in three
// widths, two themes and on paper; accessibility by axe-core.
// usage: node report.mjs REPORT.html ... ; CHROMIUM names the browser (default /usr/bin/chromium)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
let passed = 0;
let failed = 0;

async function check(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.error(`FAILED ${name}\n${error.stack ?? error}`);
  }
}

async function open(file, width, theme, javaScriptEnabled = true) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, javaScriptEnabled });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() !== "log" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => request.url().startsWith("file:") || complaints.push(`request ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, close: () => context.close() };
}

// Text boxes of one picture that intersect, by what a browser really measured.
const overlaps = () => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const boxes = [...svg.querySelectorAll("text")].map((text) => {
    const box = text.getBBox();
    return { box, text: text.textContent };
  }).filter(({ box }) => box.width > 0);
  const found = [];
  boxes.forEach((a, at) => boxes.slice(at + 1).forEach((b) => {
    const wide = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
    const high = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
    if (wide > 1 && high > 3) found.push(`${a.text} / ${b.text}`);
  }));
  const view = svg.viewBox.baseVal;
  const [left, top] = view && view.width ? [view.x, view.y] : [0, 0];
  const [right, bottom] = view && view.width ? [view.x + view.width, view.y + view.height] : [svg.width.baseVal.value, svg.height.baseVal.value];
  boxes.forEach(({ box, text }) => {
    if (box.x < left - 1 || box.y < top - 1 || box.x + box.width > right + 1 || box.y + box.height > bottom + 1) found.push(`cut: ${text}`);
  });
  return found;
});

// Texts of the plots that are hard to read where they stand: too small as shown, or too little contrast with what lies under them (WCAG 2.2,
// 1.4.3: 4.5 to 1).
const illegible = () => [...document.querySelectorAll(".plot svg")].filter((svg) => svg.getBoundingClientRect().width > 0).flatMap((svg) => {
  const paper = [...svg.querySelectorAll("rect, circle, polygon")].filter((shape) => getComputedStyle(shape).fill !== "none");
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const scale = svg.getBoundingClientRect().width / svg.width.baseVal.value;
  return [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).flatMap((text) => {
    const box = text.getBBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const under = paper.filter((shape) => {
      const at = shape.getBBox();
      const before = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      return before && at.x <= x && x <= at.x + at.width && at.y <= y && y <= at.y + at.height;
    }).at(-1);
    const [a, b] = [light(getComputedStyle(text).fill), light(getComputedStyle(under).fill)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    const told = `${text.textContent.trim()} in ${svg.querySelector("title").textContent}`;
    return [...contrast < 4.5 ? [`contrast ${contrast.toFixed(1)}: ${told}`] : [], ...size < 8.5 ? [`${size.toFixed(1)} px: ${told}`] : []];
  });
});

// What sticks out of the page sideways although nothing around it scrolls.
const sticksOut = () => [...document.querySelectorAll("main *, nav *, header *")].filter((element) => {
  if (element.closest("svg, .scroll, .plot, pre, input, .choice > input")) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120));

for (const file of process.argv.slice(2)) {
  for (const theme of ["light", "dark"]) {
    for (const width of [360, 1280, 1920]) {
      await check(`${file} ${theme} ${width}`, async () => {
        const { page, complaints, close } = await open(file, width, theme);
        assert.deepEqual(await page.evaluate(overlaps), []);
        assert.deepEqual(await page.evaluate(illegible), []);
        assert.deepEqual(await page.evaluate(sticksOut), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 1, `the page scrolls sideways by ${wide}`);
        assert.deepEqual(complaints, []);
        await close();
      });
    }
  }
  await check(`${file} ways`, async () => {
    const { page, complaints, close } = await open(file, 1280, "light");
    const walk = page.locator(".walk").filter({ has: page.locator("input.p1") }).first();
    const told = (at) => walk.locator(`.t${at}`).evaluate((way) => getComputedStyle(way).display);
    const lit = () => walk.locator("svg.ways g").evaluateAll((nodes) => nodes.map((node) => [getComputedStyle(node).opacity, node.getAttribute("class")]));
    assert.equal(await told(0), "block");
    assert.equal(await told(1), "none");
    const id = await walk.locator("input.p1").getAttribute("id");
    await walk.locator("input.p1").evaluate((input) => input.click());
    assert.equal(await told(0), "none");
    assert.equal(await told(1), "block");
    for (const [opacity, name] of await lit()) {
      if (/zone/.test(name)) continue;
      assert.equal(opacity === "1", /\bw1\b/.test(name), `${name} at ${opacity}`);
    }
    assert.equal(new URL(page.url()).hash, `#${id}`);
    await walk.locator("input.pall").evaluate((input) => input.click());
    assert.ok((await lit()).every(([opacity]) => opacity === "1"));
    assert.deepEqual(complaints, []);
    await page.goto(`${pathToFileURL(file).href}#${id}`);
    await page.reload();
    assert.equal(await walk.locator("input.p1").isChecked(), true);
    await close();
  });
  await check(`${file} keyboard`, async () => {
    const { page, close } = await open(file, 1280, "light");
    const walk = page.locator(".walk").filter({ has: page.locator("input.p1") }).first();
    await walk.locator("input.p0").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await walk.locator("input.p1").isChecked(), true);
    await close();
  });
  await check(`${file} tables`, async () => {
    const { page, complaints, close } = await open(file, 1280, "light");
    const filters = page.locator(".filter input");
    if (await filters.count() > 0) {
      const table = filters.first().locator("xpath=../following-sibling::*[1]//tbody");
      const first = (await table.locator("tr").first().innerText()).split(/\s/)[0];
      await filters.first().fill(first);
      const shown = await table.locator("tr:not([hidden])").allInnerTexts();
      assert.ok(shown.length >= 1 && shown.every((row) => row.toLowerCase().includes(first.toLowerCase())));
      await filters.first().fill("no row says this");
      assert.equal(await table.locator("tr:not([hidden])").count(), 0);
    }
    // A report on one design has tables of one row only: nothing to sort.
    if (await page.locator("th button").count() === 0) return close();
    const head = page.locator("th button").first();
    await head.evaluate((button) => button.click());
    const cells = await head.evaluate((button) => [...button.closest("table").tBodies[0].rows].map((row) => row.cells[0].textContent.trim()));
    assert.deepEqual(cells, [...cells].sort((a, b) => a.localeCompare(b)));
    assert.deepEqual(complaints, []);
    await close();
  });
  await check(`${file} without scripts`, async () => {
    const { page, close } = await open(file, 1280, "light", false);
    const walk = page.locator(".walk").filter({ has: page.locator("input.p1") }).first();
    await walk.locator("label").nth(1).click({ force: true, noWaitAfter: true });
    assert.equal(await walk.locator("input.p1").isChecked(), true);
    await close();
  });
  await check(`${file} on paper`, async () => {
    const { page, close } = await open(file, 1000, "light");
    await page.emulateMedia({ media: "print" });
    const hidden = await page.evaluate(() => [...document.querySelectorAll(".way")].filter((way) => getComputedStyle(way).display === "none").length);
    assert.equal(hidden, 0);
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
    await close();
  });
  await check(`${file} opens fast`, async () => {
    const { page, close } = await open(file, 1280, "light");
    const timing = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
    console.log(`${file}: ready after ${Math.round(timing)} ms`);
    await close();
  });
  for (const theme of ["light", "dark"]) {
    await check(`${file} accessibility ${theme}`, async () => {
      const { page, close } = await open(file, 1280, theme);
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      const told = found.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 160)}`);
      assert.deepEqual(told, []);
      await close();
    });
  }
}
await browser.close();
console.log(`browser tests: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
