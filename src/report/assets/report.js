"use strict";
// The filter of the report, and links that open the folds around their target. Without it the page
// holds the same; everything here only hides and opens.
(() => {
  const form = document.getElementById("filter");
  const [perspective, group, theme] = ["perspective", "group", "theme"].map((name) => form.elements[name]);
  const status = document.getElementById("filter-status");
  const all = (query, within) => [...(within || document).querySelectorAll(query)];
  const parents = form.dataset.parents.split(",").map(Number);
  const themed = all("[data-t]").map((e) => [e, Number(e.dataset.t)]);
  const sources = all("section.source");
  const others = all("main > section, main > div > section").filter((s) => !s.matches(".source, #account, #methods"));
  const columns = all("[data-p]").filter((e) => !e.matches("section"));
  const grouped = all("[data-g]");
  const breakdowns = all(".breakdown");
  const blocks = all("details, figure, .scroll, .own-words, .quotes, .question").filter((e) => !e.closest(".behind") && e.querySelector("[data-t]"));
  const folds = all("details");
  const entries = all("#contents a").map((a) => [a.closest("li"), document.getElementById(a.hash.slice(1))]);
  let before = null;

  const show = (element, visible) => {
    if (element.hidden === visible) element.hidden = !visible;
  };
  const left = (element) => element.querySelector("[data-t]:not([hidden])") !== null;

  function apply() {
    const [p, g, t] = [perspective.value, group.value, theme.value];
    const on = p !== "" || g !== "" || t !== "";
    if (on && before === null) before = folds.map((fold) => fold.open);
    const chosen = Number(t);
    const fits = (n) => t === "" || n === chosen || parents[n] === chosen;
    document.body.classList.toggle("filtered", on);
    document.body.classList.toggle("one-group", g !== "");
    for (const [element, n] of themed) show(element, fits(n));
    for (const element of columns) show(element, p === "" || element.dataset.p === p);
    for (const element of grouped) show(element, g === "" || element.dataset.g === g);
    for (const part of breakdowns) {
      show(part, left(part) && (g === "" || part.querySelector(`[data-g="${g}"]`) !== null));
      for (const box of all(".scroll", part)) {
        show(box, left(box) && (g === "" || box.querySelector(`[data-g="${g}"]`) !== null));
      }
    }
    for (const block of blocks) if (!block.closest(".breakdown") || block.matches("details")) show(block, left(block));
    for (const element of all(".whole")) show(element, g === "");
    for (const element of all(".general, #account")) show(element, !on);
    let shown = 0;
    for (const source of sources) {
      const has = g === "" ? t === "" || left(source) : all(".breakdown:not([hidden])", source).length > 0;
      const visible = has && (p === "" || source.dataset.p === p);
      show(source, visible);
      shown += visible ? 1 : 0;
    }
    for (const section of others) show(section, g === "" && (t === "" || left(section)));
    for (const [entry, target] of entries) show(entry, !target.hidden);
    if (t !== "") {
      for (const block of blocks) if (block.matches("details")) block.open = true;
    } else if (before !== null) {
      folds.forEach((fold, at) => { fold.open = before[at]; });
    }
    if (!on) before = null;
    say(on, shown, parents.filter((_, n) => fits(n)).length, g);
  }

  function say(on, shown, themes, g) {
    form.elements.all.disabled = !on;
    if (!on) {
      status.textContent = "Everything is shown.";
    } else if (shown === 0) {
      status.textContent = "Nothing in the report fits all of this.";
    } else {
      const people = g === "" ? "" : ` Numbers are those of ${group.selectedOptions[0].text} alone; sentences and charts are of everybody, so they are not shown now.`;
      status.textContent = `${shown} of ${sources.length} sources, ${themes} of ${parents.length} areas and themes.${people}`;
    }
  }

  function reveal(hash) {
    const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    if (target === null) return;
    if (target.closest("[hidden]") !== null) {
      form.reset();
      apply();
    }
    for (let fold = target.closest("details"); fold !== null; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  }

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link !== null) setTimeout(() => reveal(link.hash));
  });
  form.hidden = false;
  apply();
  reveal(location.hash);
})();
