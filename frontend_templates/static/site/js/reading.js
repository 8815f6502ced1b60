// Marks where one reads in the table of contents. Without this file the contents are plain links.
(() => {
  "use strict";
  const links = new Map();
  for (const link of document.querySelectorAll(".toc a[href^='#'], .toc-fold a[href^='#']")) {
    const id = decodeURIComponent(link.hash.slice(1));
    links.set(id, [...(links.get(id) || []), link]);
  }
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (!headings.length) return;

  let current = null;
  const mark = () => {
    // The last heading above a line a little under the bar is the section one is in.
    const line = window.innerHeight * 0.28;
    const past = headings.filter((heading) => heading.getBoundingClientRect().top < line);
    const now = past.length ? past[past.length - 1] : headings[0];
    if (now === current) return;
    current = now;
    for (const [id, group] of links) {
      for (const link of group) {
        if (id === now.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
    const shown = (links.get(now.id) || []).find((link) => link.offsetParent);
    const box = shown && shown.closest(".toc nav");
    if (box) box.scrollTop = Math.max(0, shown.offsetTop - box.clientHeight / 2);
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();

  // On a phone the contents fold away again once one has chosen.
  const fold = document.querySelector(".toc-fold");
  if (fold) fold.addEventListener("click", (event) => { if (event.target.closest("a")) fold.open = false; });
})();
