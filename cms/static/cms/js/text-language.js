// In an interface that is not Chinese, marks Chinese text as Chinese (WCAG 3.1.2): screen readers read it with the
// right voice and browsers choose the right glyphs. Names, titles and answers carry no language of their own.
(() => {
  if (document.documentElement.lang.toLowerCase().startsWith("zh")) return;
  const LANGUAGE = "zh-Hans";
  const HAN = /\p{Script=Han}/u;
  const RUNS = /(\p{Script=Han}[\p{Script=Han}\p{P}\s\d]*)/u;
  const WORD = /\p{Script=Latin}{2}/u;
  // What these hold is one text, or belongs to a script of its own (editors).
  const WHOLE = "option, textarea, title, [contenteditable]";

  const mark = (text) => {
    const parent = text.parentElement;
    if (!parent || !HAN.test(text.data) || parent.closest("script, style, template")) return;
    if (parent.closest("[lang]").lang.toLowerCase().startsWith("zh")) return;
    if (!WORD.test(text.data) || parent.closest(WHOLE)) {
      parent.lang = LANGUAGE;
      return;
    }
    text.replaceWith(
      ...text.data.split(RUNS).map((part) => {
        if (!HAN.test(part)) return part;
        const span = document.createElement("span");
        span.lang = LANGUAGE;
        span.textContent = part;
        return span;
      }),
    );
  };

  const markAll = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    texts.forEach(mark);
  };

  const start = () => {
    markAll(document.body);
    new MutationObserver((records) => {
      for (const record of records) {
        for (const node of record.addedNodes) {
          if (node.nodeType === Node.TEXT_NODE) mark(node);
          else if (node.nodeType === Node.ELEMENT_NODE) markAll(node);
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
