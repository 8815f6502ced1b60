// Opens a figure larger on a tap, in a dialog. Without this file the link leads to the large picture.
(() => {
  "use strict";
  const dialog = document.querySelector("dialog.picture");
  if (!dialog || typeof dialog.showModal !== "function") return;
  const picture = dialog.querySelector("img");
  const caption = dialog.querySelector(".caption");

  for (const link of document.querySelectorAll("figure a.open")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      const shown = link.querySelector("img");
      picture.src = link.href;
      picture.alt = shown ? shown.alt : "";
      caption.textContent = link.closest("figure").querySelector("figcaption .title").textContent.trim();
      dialog.classList.remove("enlarged");
      dialog.showModal();
      dialog.addEventListener("close", () => { picture.removeAttribute("src"); link.focus(); }, { once: true });
    });
  }
  picture.addEventListener("click", () => dialog.classList.toggle("enlarged"));
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target.classList.contains("stage")) dialog.close();
  });
})();
